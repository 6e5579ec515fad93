using System.Reflection;
using Refrag.Cli.Context;
using Refrag.Composition;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;
using Refrag.Composition.Tree;
using Refrag.Jobs;

namespace Refrag.Cli.Configuration;

/// <summary>Where configurations come from: the user's folders, then the files that come with refrag.</summary>
internal static class Configurations
{
    /// <summary>In a project whose own primary file is another program's: the file that refrag starts from.</summary>
    public const string OwnName = "refrag";

    private const string UsualFolder = "conf";
    private const string BuiltIn = "conf";

    /// <summary>Names the Hydra whose rules are followed where its versions differ: the released one, or <c>development</c>.</summary>
    private const string ReadingVariable = "REFRAG_HYDRA";

    private static readonly ComposerOptions s_options = new()
    {
        // Both spellings are in use; the first is documented.
        OptionAliases = [new OptionAlias("env", "aws_batch", "awsbatch")],
        KeyAliases = [new KeyAlias("launcher", "env")],
        ProgramKeys = ["app", "env"],
        Hydra = HydraPart.WhereUsed,
        Job = new JobFacts { NameKey = AppKeys.Name },
    };

    /// <summary>Other names of keys and options.</summary>
    public static AliasNames Aliases { get; } = new(s_options);

    /// <summary>A composer over the folders that were named, or the usual one; or which of them do not exist.</summary>
    /// <param name="context">The process.</param>
    /// <param name="folders">The folders that were named; empty for the usual one.</param>
    /// <param name="more">Further files that come with refrag.</param>
    public static Result<Composer> Composer(
        CliContext context, IReadOnlyList<string> folders, params IEnumerable<KeyValuePair<string, string>> more)
    {
        List<Problem> missing = Missing(folders, context.WorkingDirectory);
        if (missing.Count > 0) return Result<Composer>.Failure(missing);

        string usual = Path.Combine(context.WorkingDirectory, UsualFolder);
        IEnumerable<string> used = folders.Count > 0 ? folders : Directory.Exists(usual) ? [UsualFolder] : [];
        SearchPath path = used.Aggregate(SearchPath.Empty, (all, folder) => all.AddDirectory(folder));
        return new Composer(WithBuiltIn(path, more), Options(context)).For(Job(context));
    }

    /// <summary>
    /// Problem RF5061 of folders that were named and have no such primary file; null if one has it, or if none was named. The file of that
    /// name that comes with refrag would be another configuration than is meant.
    /// </summary>
    public static Problem? WithoutPrimary(CliContext context, IReadOnlyList<string> folders, string configName) =>
        folders.Count == 0 || HasPrimary(Folders(context, folders), configName) ? null : new Problem
        {
            Code = "RF5061",
            What = $"There is no {Primary(configName)} in {string.Join(" or ", folders)}",
            Cause = "A configuration begins with its primary file, in one of the folders of --config-dir",
            Cure = "Name the folder that holds it, name another file with --config-name, or leave --config-dir out to use conf.",
            Place = new ArgumentPlace($"--config-dir={folders[0]}", "--config-dir=".Length + 1, folders[0].Length),
        };

    /// <summary>Whether one of the folders has the primary file.</summary>
    public static bool HasPrimary(IReadOnlyList<string> folders, string configName) =>
        folders.Any(folder => File.Exists(Path.Combine(folder, Primary(configName))));

    private static string Primary(string configName) =>
        configName.EndsWith(".yaml", StringComparison.Ordinal) ? configName : $"{configName}.yaml";

    /// <summary>
    /// What interpolations may know of the job: <c>${hydra:job.name}</c>, <c>${hydra:runtime.cwd}</c>, and of a job of a sweep
    /// <c>${hydra:job.num}</c>.
    /// </summary>
    /// <param name="context">What every verb has at hand.</param>
    /// <param name="number">The job's index in its sweep; null for a job alone.</param>
    public static JobFacts Job(CliContext context, int? number = null) =>
        s_options.Job! with { Directory = context.WorkingDirectory, Number = number };

    /// <summary>A composer over exactly these folders, and the files that come with refrag; or which of them do not exist.</summary>
    public static Result<Composer> Exactly(
        CliContext context, IReadOnlyList<string> folders, params IEnumerable<KeyValuePair<string, string>> more)
    {
        List<Problem> missing = Missing(folders, "");
        return missing.Count > 0
            ? Result<Composer>.Failure(missing)
            : new Composer(WithBuiltIn(SearchPath.FromDirectories(folders), more), Options(context));
    }

    /// <summary>
    /// A composer over the files of the project alone, if it is another program's: its primary file composes and has no environment of
    /// refrag's. Null if it is refrag's.
    /// </summary>
    /// <param name="context">The process.</param>
    /// <param name="composer">The composer over the project's files and those that come with refrag.</param>
    /// <param name="folders">The folders that were named; empty for the usual one.</param>
    /// <param name="configName">The primary file.</param>
    /// <param name="overrides">What was typed: it may choose an environment that the files leave open.</param>
    public static Composer? OfOthers(
        CliContext context, Composer composer, IReadOnlyList<string> folders, string configName, params IReadOnlyList<string> overrides)
    {
        IReadOnlyList<string> used = Folders(context, folders);
        if (!HasPrimary(used, configName)
            || !composer.ExpandDefaults(configName, [], ComposeMode.Sweep).TryGet(out ExpandedDefaults? defaults, out _)
            || defaults.Choices.ContainsKey("env")
            || IsRefrags(composer, configName, out IReadOnlyList<Problem> problems)
            || problems.Count > 0
            || (overrides.Count > 0 && HasEnvironment(composer, configName, overrides, out _)))
            return null;
        return new Composer(SearchPath.FromDirectories(used), Options(context));
    }

    /// <summary>Whether a primary file composes to a configuration with an environment of refrag's; or why it does not compose.</summary>
    public static bool IsRefrags(Composer composer, string configName, out IReadOnlyList<Problem> problems) =>
        HasEnvironment(composer, configName, [], out problems);

    private static bool HasEnvironment(
        Composer composer, string configName, IReadOnlyList<string> overrides, out IReadOnlyList<Problem> problems) =>
        composer.Compose(configName, overrides, ComposeMode.Sweep).TryGet(out Composition.Composition? composed, out problems)
            && composed.Config["env"] is ConfigMapping env && env["kind"] is ConfigScalar { Text: "local" or "awsbatch" };

    private static ComposerOptions Options(CliContext context) => s_options with
    {
        Reading = context.Variable(ReadingVariable) == "development" ? HydraReading.Development : HydraReading.Released,
    };

    private static SearchPath WithBuiltIn(SearchPath path, IEnumerable<KeyValuePair<string, string>> more) =>
        path.AddResources(Assembly.GetExecutingAssembly(), BuiltIn).AddMemory(more, "refrag");

    /// <summary>
    /// The folders that a composer over the named ones, or over the usual one, looks in: absolute, so that a sweep can be resumed from
    /// elsewhere.
    /// </summary>
    public static IReadOnlyList<string> Folders(CliContext context, IReadOnlyList<string> folders)
    {
        string usual = Path.Combine(context.WorkingDirectory, UsualFolder);
        IEnumerable<string> used = folders.Count > 0 ? folders : Directory.Exists(usual) ? [UsualFolder] : [];
        return [.. used.Select(folder => Path.GetFullPath(folder, context.WorkingDirectory))];
    }

    /// <summary>The sweep that overrides stand for; one job where none of them has several values.</summary>
    public static Result<Sweep> Sweep(Composer composer, IReadOnlyList<string> arguments) =>
        OverrideParser.ParseAll(arguments).TryGet(out IReadOnlyList<Override>? overrides, out IReadOnlyList<Problem> problems)
            ? Refrag.Composition.Sweeps.Sweep.Of(overrides, new SweepOptions { Groups = composer.Options })
            : Result<Sweep>.Failure(problems);

    private static List<Problem> Missing(IReadOnlyList<string> folders, string workingDirectory)
    {
        List<Problem> missing = [];
        foreach (string folder in folders)
        {
            if (!Directory.Exists(Path.Combine(workingDirectory, folder))) missing.Add(NoFolder(folder));
        }
        return missing;
    }

    private static Problem NoFolder(string folder) => new()
    {
        Code = "RF5001",
        What = $"There is no folder {folder}",
        Cure = "Name the folder that holds config.yaml, or leave --config-dir out to use conf in the current directory.",
        Place = new ArgumentPlace($"--config-dir={folder}", "--config-dir=".Length + 1, folder.Length),
    };
}
