using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Composition;

namespace Refrag.Cli.Configuration;

/// <summary>The part of a command line that says what is composed: overrides, folders and the file to start from.</summary>
internal sealed class ConfigOptions
{
    /// <summary>The name of an argument that is a key, for completion.</summary>
    public const string KeyName = "key";

    /// <summary>The name of an argument that is a group, for completion.</summary>
    public const string GroupName = "group";

    /// <summary>Names the environment where no override does.</summary>
    public const string EnvironmentVariable = "REFRAG_ENV";

    public OverridesArgument Overrides { get; } = new("What to choose and to change: app=train env=awsbatch env.gpus=2 lr=0.01");

    public Option<string[]> Folders { get; } = new("--config-dir", "-cd", "--config-path", "-cp")
    {
        Description = "A folder of your configuration; may be given more than once. Default: conf.",
    };

    public Option<string> Name { get; } = new("--config-name", "-cn")
    {
        Description = "The file to start from.",
        DefaultValueFactory = _ => "config",
    };

    /// <summary>Adds the options, without the overrides, which stand behind a verb's own arguments.</summary>
    public void AddTo(Command verb)
    {
        verb.Options.Add(Folders);
        verb.Options.Add(Name);
    }

    /// <summary>The same with the command behind <c>--</c>, if the verb takes one.</summary>
    public JobWords WordsOf(CliContext context, ParseResult parsed)
    {
        var words = JobWords.Of(parsed, Overrides);
        return words with { Overrides = WithEnvironment(words.Overrides, context.Variable(EnvironmentVariable)) };
    }

    /// <summary>The overrides, with the environment of <see cref="EnvironmentVariable"/> where none of them chooses one.</summary>
    public IReadOnlyList<string> OverridesOf(CliContext context, ParseResult parsed) =>
        WithEnvironment(parsed.GetValue(Overrides) ?? [], context.Variable(EnvironmentVariable));

    /// <summary>The same overrides, with <c>env=</c> from the variable first where none of them chooses an environment.</summary>
    public static IReadOnlyList<string> WithEnvironment(IReadOnlyList<string> overrides, string? variable) =>
        string.IsNullOrEmpty(variable) || overrides.Any(ChoosesEnvironment) ? overrides : [$"env={variable}", .. overrides];

    public IReadOnlyList<string> FoldersOf(ParseResult parsed) => parsed.GetValue(Folders) ?? [];

    public string NameOf(ParseResult parsed) => parsed.GetRequiredValue(Name);

    public Result<Composer> Composer(CliContext context, ParseResult parsed)
    {
        Result<Composer> made = Configurations.Composer(context, FoldersOf(parsed));
        return made.IsSuccess && Configurations.WithoutPrimary(context, FoldersOf(parsed), NameOf(parsed)) is { } missing ? missing : made;
    }

    /// <summary>The composition that the command line asks for, or everything that is wrong with it.</summary>
    public Result<Composition.Composition> Compose(CliContext context, ParseResult parsed) =>
        Composer(context, parsed).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems)
            ? composer.Compose(NameOf(parsed), OverridesOf(context, parsed))
            : Result<Composition.Composition>.Failure(problems);

    private static bool ChoosesEnvironment(string word) =>
        word.StartsWith("env=", StringComparison.Ordinal) || word.StartsWith("launcher=", StringComparison.Ordinal)
            || word is "~env" or "~launcher";
}
