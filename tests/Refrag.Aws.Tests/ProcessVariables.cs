namespace Refrag.Aws.Tests;

/// <summary>
/// Variables of the test's own process, for what the AWS SDK reads there alone, and as they were before when it is disposed. Classes that use it belong to its
/// collection, beside which no other test runs.
/// </summary>
internal sealed class ProcessVariables : IDisposable
{
    public const string Collection = "variables of the process";
    private readonly (string Name, string? Value)[] _before;

    public ProcessVariables(params (string Name, string Value)[] variables)
    {
        _before = [.. variables.Select(variable => (variable.Name, Environment.GetEnvironmentVariable(variable.Name)))];
        foreach ((string name, string value) in variables) Environment.SetEnvironmentVariable(name, value);
    }

    public void Dispose()
    {
        foreach ((string name, string? value) in _before) Environment.SetEnvironmentVariable(name, value);
    }
}

/// <summary>The classes that change variables of the process.</summary>
[CollectionDefinition(ProcessVariables.Collection, DisableParallelization = true)]
public sealed class ProcessVariablesTests;
