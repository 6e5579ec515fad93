using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Jobs;

namespace Refrag.Cli.Connections;

/// <summary>
/// The command line of a verb that looks at Batch: ids or patterns, and the overrides that <c>refrag run</c> takes, in any order. What has
/// an equals sign or begins as an override does is one.
/// </summary>
internal sealed class QueryOptions
{
    private static readonly string[] s_anyCommand = ["true"];

    private readonly ConfigOptions _config = new();
    private readonly bool _takesCommand;

    /// <summary>The words of a verb.</summary>
    /// <param name="words">What they are beside overrides; null for nothing.</param>
    /// <param name="name">What one of them is, as a usage line names it.</param>
    /// <param name="takesCommand">Whether behind <c>--</c> stands a command, whose words are its own.</param>
    public QueryOptions(string? words = null, string name = "override", bool takesCommand = false)
    {
        _takesCommand = takesCommand;
        Words = new OverridesArgument(
            words is null
                ? "Where to look: env=awsbatch env.region=eu-west-1, or REFRAG_ENV."
                : $"{words}; and where to look: env=awsbatch.",
            name);
    }

    public OverridesArgument Words { get; }

    /// <summary>Why the verb does not work on a Slurm cluster, as the end of a sentence; null if it does.</summary>
    public string? NotOnSlurm { get; init; }

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON alone on standard output.",
    };

    /// <summary>A verb with these options and its own.</summary>
    public Command Verb(string name, string description, params Option[] own)
    {
        Command verb = new(name, description) { Words };
        foreach (Option option in own) verb.Options.Add(option);
        // What a command prints is its own.
        if (!_takesCommand) verb.Options.Add(Json);
        _config.AddTo(verb);
        return verb;
    }

    /// <summary>A verb without <c>--json</c>: what it prints is a file of a form of its own.</summary>
    public Command PlainVerb(string name, string description, params Option[] own)
    {
        Command verb = Verb(name, description, own);
        verb.Options.Remove(Json);
        return verb;
    }

    /// <summary>The folders of the configuration that were named.</summary>
    public IReadOnlyList<string> FoldersOf(ParseResult parsed) => _config.FoldersOf(parsed);

    /// <summary>The words that are no overrides.</summary>
    public IReadOnlyList<string> Plain(ParseResult parsed) => [.. Typed(parsed).Where(w => !IsOverride(w))];

    /// <summary>The command behind <c>--</c>; empty if there is none.</summary>
    public IReadOnlyList<string> CommandOf(ParseResult parsed) => JobWords.Of(parsed, Words).Command ?? [];

    /// <summary>The overrides, with the environment of <see cref="ConfigOptions.EnvironmentVariable"/> where none is chosen.</summary>
    public IReadOnlyList<string> Overrides(CliContext context, ParseResult parsed) =>
        ConfigOptions.WithEnvironment(
            [.. Typed(parsed).Where(IsOverride)], context.Variable(ConfigOptions.EnvironmentVariable));

    /// <summary>
    /// The job that the words describe, whose warnings are printed; of a verb that only looks, its environment is what matters.
    /// </summary>
    public Result<JobSpec> Spec(CliContext context, ParseResult parsed)
    {
        if (!Compose(context, parsed).TryGet(out Composition.Composition? composition, out IReadOnlyList<Problem> problems))
            return Result<JobSpec>.Failure(problems);
        context.Terminal.Warnings(composition.Warnings);
        return Allowed(JobSpecReader.Read(composition));
    }

    private Result<JobSpec> Allowed(Result<JobSpec> read) =>
        NotOnSlurm is { } why && read is { IsSuccess: true, Value: { Kind: EnvironmentKind.Slurm } spec }
            ? new Problem
            {
                Code = "RF8217",
                What = $"This command does not work on a Slurm cluster: {why}",
                Cure = "docs/guides/slurm.md lists what works there; name another environment for this one: env=awsbatch.",
                Place = spec.Places.Of("env.kind"),
            }
            : read;

    /// <summary>The jobs of the sweep that the words describe; each warning is printed once.</summary>
    public Result<IReadOnlyList<JobSpec>> Sweep(CliContext context, ParseResult parsed)
    {
        string name = _config.NameOf(parsed);
        IReadOnlyList<string> overrides = Overrides(context, parsed);
        if (!_config.Composer(context, parsed).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems)
            || !Configurations.Sweep(composer, HydraSweep.Read(composer, name, overrides).WithCommandLine(overrides))
                .TryGet(out Composition.Sweeps.Sweep? sweep, out problems))
        {
            return Result<IReadOnlyList<JobSpec>>.Failure(problems);
        }
        context.Terminal.Warnings(sweep.Warnings);
        List<JobSpec> specs = [];
        HashSet<(string Code, string What)> warned = [];
        foreach (Composition.Sweeps.SweepJob job in sweep.Jobs())
        {
            if (!composer.For(Configurations.Job(context, specs.Count)).Compose(name, job.Overrides)
                    .TryGet(out Composition.Composition? composition, out problems)
                || !Allowed(JobSpecReader.Read(composition)).TryGet(out JobSpec? spec, out problems))
            {
                return Result<IReadOnlyList<JobSpec>>.Failure(problems);
            }
            context.Terminal.Warnings([.. composition.Warnings.Where(warning => warned.Add((warning.Code, warning.What)))]);
            specs.Add(spec);
        }
        return specs;
    }

    private Result<Composition.Composition> Compose(CliContext context, ParseResult parsed)
    {
        if (!_config.Composer(context, parsed).TryGet(out Composer? composer, out IReadOnlyList<Problem> problems))
            return Result<Composition.Composition>.Failure(problems);
        string name = _config.NameOf(parsed);
        IReadOnlyList<string> overrides = Overrides(context, parsed);
        if (!IsOfOthers(context, parsed, composer, overrides)) return composer.Compose(name, overrides);
        // Their files say nothing of where jobs are. As for a command, refrag starts from its own.
        JobWords words = new(overrides, s_anyCommand);
        if (!JobSource.Of(context, _config.FoldersOf(parsed), name, words).TryGet(out JobSource? source, out problems))
            return Result<Composition.Composition>.Failure(problems);
        bool choosesApp = overrides.Any(word => word.StartsWith("app=", StringComparison.Ordinal));
        return source.Composer.Compose(source.ConfigName, choosesApp ? overrides : source.OverridesOf(words));
    }

    // Whether the files of the folder are another program's, such as Hydra's.
    private bool IsOfOthers(CliContext context, ParseResult parsed, Composer composer, IReadOnlyList<string> overrides)
    {
        (IReadOnlyList<string> folders, string name) = (_config.FoldersOf(parsed), _config.NameOf(parsed));
        return Configurations.OfOthers(context, composer, folders, name, overrides) is not null
            || (!Configurations.HasPrimary(Configurations.Folders(context, folders), name)
                && composer.Options("").Contains(Configurations.OwnName));
    }

    private IReadOnlyList<string> Typed(ParseResult parsed) =>
        _takesCommand ? JobWords.Of(parsed, Words).Overrides : parsed.GetValue(Words) ?? [];

    private static bool IsOverride(string word) =>
        word.Contains('=', StringComparison.Ordinal) || word.StartsWith('~') || word.StartsWith('+');
}
