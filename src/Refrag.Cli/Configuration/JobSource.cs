using Refrag.Cli.Context;
using Refrag.Composition;

namespace Refrag.Cli.Configuration;

/// <summary>What the jobs of a command line are composed from.</summary>
/// <param name="Composer">Composes them.</param>
/// <param name="ConfigName">The file to start from.</param>
/// <param name="Folders">The folders of the configuration, absolute, so that a sweep can be resumed from elsewhere.</param>
internal sealed record JobSource(Composer Composer, string ConfigName, IReadOnlyList<string> Folders)
{
    private const string CommandApp = "command_line";

    private static readonly KeyValuePair<string, string>[] s_commandApp =
    [
        new($"app/{CommandApp}.yaml", "# @package _global_\napp:\n  name: command\n  command: [command]\n"),
    ];

    /// <summary>The program that a command runs, if it is Hydra's.</summary>
    public HydraProgram? Program { get; init; }

    /// <summary>Whether a command runs a script of Hydra's, checked or not.</summary>
    public bool IsHydras { get; private init; }

    /// <summary>Chooses the app that a command stands in for.</summary>
    private string AppOverride { get; init; } = $"app={CommandApp}";

    /// <summary>The source; or which folders do not exist, or why the configuration cannot be composed.</summary>
    /// <param name="context">The process.</param>
    /// <param name="folders">The folders that were named; empty for the usual one.</param>
    /// <param name="configName">The file to start from.</param>
    /// <param name="words">What was typed.</param>
    public static Result<JobSource> Of(CliContext context, IReadOnlyList<string> folders, string configName, JobWords words)
    {
        if (!Configurations.Composer(context, folders, words.Command is null ? [] : s_commandApp)
            .TryGet(out Composer? composer, out IReadOnlyList<Problem> problems)) return Result<JobSource>.Failure(problems);
        var source = new JobSource(composer, configName, Configurations.Folders(context, folders));
        if (words.Command is not { } command)
            return Configurations.WithoutPrimary(context, folders, configName) is { } missing ? missing : source;
        IReadOnlyList<string> theirs = [];
        // Where the user's folders have no such file, one of that name that comes with refrag says nothing of the project.
        if (!Configurations.HasPrimary(source.Folders, configName) && composer.Options("").Contains(Configurations.OwnName))
            source = source with { ConfigName = Configurations.OwnName };
        else if (!Configurations.IsRefrags(composer, configName, out problems))
        {
            // One that chooses an environment is refrag's, and broken.
            if (problems.Count > 0 && composer.ExpandDefaults(configName, []).TryGet(out ExpandedDefaults? chosen, out _)
                && chosen.Choices.ContainsKey("env")) return Result<JobSource>.Failure(problems);
            theirs = folders;
            source = composer.Options("").Contains(Configurations.OwnName)
                ? source with { ConfigName = Configurations.OwnName }
                : new JobSource(BuiltIn(context), "config", []);
        }
        HydraProgram? program = HydraProgram.Find(context, theirs, command);
        return source.ForCommands() with { Program = program, IsHydras = program is not null };
    }

    /// <summary>The source of a sweep that is resumed, by its manifest; its overrides were checked when it was started.</summary>
    public static Result<JobSource> Of(CliContext context, Sweeps.SweepHeader header)
    {
        bool isCommand = JobWords.Of(header.Arguments).Command is not null;
        if (!Configurations.Exactly(context, header.Folders, isCommand ? s_commandApp : [])
            .TryGet(out Composer? composer, out IReadOnlyList<Problem> problems)) return Result<JobSource>.Failure(problems);
        var source = new JobSource(composer, header.ConfigName, header.Folders);
        return isCommand ? source.ForCommands() : source;
    }

    /// <summary>The same for a job of a sweep, or for one alone.</summary>
    public JobSource For(JobFacts job) => this with { Composer = Composer.For(job) };

    /// <summary>The overrides that a job is composed with. A command's app has the command's name, if they give it no other.</summary>
    /// <param name="words">The job's words.</param>
    public IReadOnlyList<string> OverridesOf(JobWords words) => words.Command is not { Count: > 0 } command ? words.Overrides
        : words.Overrides.Any(NamesApp) ? [AppOverride, .. words.Overrides]
        : [AppOverride, .. words.Overrides, $"++app.name='{CommandName.Of(command)}'"];

    private static bool NamesApp(string word) => word.TrimStart('+').StartsWith("app.name=", StringComparison.Ordinal);

    private JobSource ForCommands() =>
        Composer.ExpandDefaults(ConfigName, []).TryGet(out ExpandedDefaults? defaults, out _) && !defaults.Choices.ContainsKey("app")
            ? this with { AppOverride = $"+app={CommandApp}" }
            : this;

    private static Composer BuiltIn(CliContext context) => Configurations.Exactly(context, [], s_commandApp).Value;
}
