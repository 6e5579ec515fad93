using System.Reflection;
using Refrag.Cli.Verbs;
using Refrag.Composition;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Cli.Running;

/// <summary>Where configurations come from: the user's folders, then the files that come with refrag.</summary>
internal static class Configurations
{
    private const string UsualFolder = "conf";
    private const string BuiltIn = "conf";

    private static readonly ComposerOptions s_options = new()
    {
        // Both spellings are in use; the first is documented.
        OptionAliases = [new OptionAlias("env", "aws_batch", "awsbatch")],
        KeyAliases = [new KeyAlias("launcher", "env")],
    };

    /// <summary>A composer over the folders that were named, or the usual one; or which of them do not exist.</summary>
    public static Result<Composer> Composer(CliContext context, IReadOnlyList<string> folders)
    {
        List<Problem> missing = [.. folders.Where(f => !Directory.Exists(Path.Combine(context.WorkingDirectory, f))).Select(NoFolder)];
        if (missing.Count > 0) return Result<Composer>.Failure(missing);

        string usual = Path.Combine(context.WorkingDirectory, UsualFolder);
        IEnumerable<string> used = folders.Count > 0 ? folders : Directory.Exists(usual) ? [UsualFolder] : [];
        SearchPath path = used.Aggregate(SearchPath.Empty, (all, folder) => all.AddDirectory(folder));
        return new Composer(path.AddResources(Assembly.GetExecutingAssembly(), BuiltIn), s_options);
    }

    /// <summary>The overrides of each job: one job, or those of a sweep.</summary>
    public static Result<IReadOnlyList<IReadOnlyList<string>>> Jobs(Composer composer, RunOptions options)
    {
        if (!options.Multirun) return new List<IReadOnlyList<string>> { options.Overrides };
        List<Problem> problems = [];
        List<Override> overrides = [];
        foreach (string argument in options.Overrides)
        {
            Result<Override> parsed = OverrideParser.Parse(argument);
            if (parsed.IsSuccess) overrides.Add(parsed.Value);
            else problems.AddRange(parsed.Problems);
        }
        if (problems.Count > 0) return Result<IReadOnlyList<IReadOnlyList<string>>>.Failure(problems);
        return Sweep.Of(overrides, new SweepOptions { Groups = composer.Options }).TryGet(out Sweep? sweep, out IReadOnlyList<Problem> wrong)
            ? sweep.Jobs().Select(job => job.Overrides).ToList()
            : Result<IReadOnlyList<IReadOnlyList<string>>>.Failure(wrong);
    }

    private static Problem NoFolder(string folder) => new()
    {
        Code = "RF5001",
        What = $"There is no folder {folder}",
        Cure = "Name the folder that holds config.yaml, or leave --config-dir out to use conf where you stand.",
        Place = new ArgumentPlace($"--config-dir={folder}", "--config-dir=".Length + 1, folder.Length),
    };
}
