namespace Refrag.Engine.Jobs.Plans;

/// <summary>
/// Parameters in commands: an argument <c>Ref::name</c> becomes the value of parameter name. (UG job_definition_parameters) Only whole
/// arguments count, as in every example that AWS gives; a placeholder without a value stays as it is. Both assumed.
/// </summary>
internal static class Placeholders
{
    private const string Mark = "Ref::";
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>The command with its placeholders filled in.</summary>
    public static IReadOnlyList<string> Fill(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> parameters) =>
        parameters.Count == 0 ? command : [.. command.Select(argument => Fill(argument, parameters))];

    /// <summary>The definition's parameters with the submission's over them.</summary>
    public static IReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string>? below, IReadOnlyDictionary<string, string>? above)
    {
        if (above is not { Count: > 0 }) return below ?? s_none;
        var merged = new Dictionary<string, string>(below ?? s_none);
        foreach (var (name, value) in above) merged[name] = value;
        return merged;
    }

    private static string Fill(string argument, IReadOnlyDictionary<string, string> parameters) =>
        argument.StartsWith(Mark, StringComparison.Ordinal) && parameters.TryGetValue(argument[Mark.Length..], out string? value)
            ? value
            : argument;
}
