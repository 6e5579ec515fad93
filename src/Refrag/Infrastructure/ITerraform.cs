namespace Refrag.Infrastructure;

/// <summary>Runs Terraform in one directory. Everything that needs Terraform goes through it, so that tests can replace it.</summary>
public interface ITerraform
{
    /// <summary>Runs to the end and returns what was said, whatever the exit code.</summary>
    /// <param name="arguments">The subcommand and its arguments.</param>
    /// <param name="onLine">Gets each line of output as it comes; null for none.</param>
    /// <param name="cancellationToken">Asks Terraform to stop, as an interrupt does, and waits until it has saved its state.</param>
    Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken);

    /// <summary>The same directory with another workspace.</summary>
    /// <param name="workspace">The workspace's name. One that does not exist is created by what reads or writes it.</param>
    ITerraform In(string workspace);
}

/// <summary>What a run of Terraform left.</summary>
/// <param name="ExitCode">0 on success.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Errors">The standard error.</param>
public sealed record TerraformRun(int ExitCode, string Output, string Errors)
{
    /// <summary>Whether the exit code is 0.</summary>
    public bool IsSuccess => ExitCode == 0;
}
