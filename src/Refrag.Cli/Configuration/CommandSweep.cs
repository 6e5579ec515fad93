using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Cli.Configuration;

/// <summary>
/// The sweep of a command: its axes are overrides of refrag's configuration and arguments of the command's own, as <c>lr=0.1,0.01</c> or
/// <c>--lr=0.1,0.01</c>. Each job is one command line. It has its values as they were typed; but as the reference writes them where
/// a program of Hydra's reads them as overrides.
/// </summary>
internal static class CommandSweep
{
    // No override begins so, and none is taken for an argument.
    private const string Argument = "--";

    /// <summary>The sweep, whose jobs have all their words; or its problems.</summary>
    /// <param name="source">What the jobs are composed from.</param>
    /// <param name="overrides">The overrides of refrag's configuration.</param>
    /// <param name="command">The program and its arguments.</param>
    public static Result<Sweep> Of(JobSource source, IReadOnlyList<string> overrides, IReadOnlyList<string> command)
    {
        if (!OverrideParser.ParseAll(overrides).TryGet(out IReadOnlyList<Override>? own, out IReadOnlyList<Problem> problems))
            return Result<Sweep>.Failure(problems);
        Dictionary<string, Override> swept = new(StringComparer.Ordinal);
        Dictionary<string, IReadOnlyList<string>> typed = new(StringComparer.Ordinal);
        for (int i = 1; i < command.Count; i++)
        {
            if (Swept(command[i]) is not { Value: SweepValue values, ValueSpan: { } span } argument) continue;
            string key = string.Create(null, $"{Argument}{i}");
            swept[key] = argument;
            if (source.IsHydras && !command[i].StartsWith('-')) continue;
            (SweepValue places, IReadOnlyList<string>? choices) = TypedChoices.Of(values, argument.Text[span.Start..span.End]);
            if (choices is not null) (swept[key], typed[key]) = (argument with { Value = places }, choices);
        }
        IEnumerable<Override> axes = swept.Select(
            argument => argument.Value with { Key = argument.Key, Package = null, Kind = OverrideKind.Change });
        return Sweep.Of([.. own, .. axes], new SweepOptions { Groups = Groups }).TryGet(out Sweep? sweep, out problems)
            ? sweep.With(words => Words(words, command, typed))
            : Result<Sweep>.Failure(problems);

        IReadOnlyList<string> Groups(string key) =>
            swept.TryGetValue(key, out Override? argument) ? source.Program?.Options(argument.Key) ?? [] : source.Composer.Options(key);
    }

    // What has one value stays as it was typed, whatever it looks like.
    private static Override? Swept(string word) =>
        OverrideParser.Parse(word.TrimStart('-')).TryGet(out Override? argument, out _) && argument.IsSweep ? argument : null;

    private static IReadOnlyList<string> Words(
        IReadOnlyList<string> chosen, IReadOnlyList<string> command, Dictionary<string, IReadOnlyList<string>> typed)
    {
        string[] line = [.. command];
        foreach (string word in chosen.Where(IsArgument))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            int at = int.Parse(word.AsSpan(Argument.Length, equals - Argument.Length), provider: null);
            string value = typed.TryGetValue(word[..equals], out IReadOnlyList<string>? choices)
                ? choices[int.Parse(word.AsSpan(equals + 1), provider: null)]
                : word[(equals + 1)..];
            line[at] = $"{command[at].Split('=', 2)[0]}={value}";
        }
        return new JobWords([.. chosen.Where(word => !IsArgument(word))], line).All;
    }

    private static bool IsArgument(string word) => word.StartsWith(Argument, StringComparison.Ordinal);
}
