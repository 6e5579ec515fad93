using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>The stack that a command line names, ready to be asked and changed.</summary>
internal sealed class InfraStack
{
    private InfraStack(Deployment deployment, LayoutJournal journal) => (Deployment, Journal) = (deployment, journal);

    public Deployment Deployment { get; }

    /// <summary>Keeps a move between layouts, beside the state.</summary>
    public LayoutJournal Journal { get; }

    /// <summary>The stack, initialised; or why it cannot be used.</summary>
    public static async Task<Result<InfraStack>> OpenAsync(CliContext context, StackChoice choice, CancellationToken cancellationToken)
    {
        string directory = Path.GetFullPath(choice.Directory, context.WorkingDirectory);
        List<Problem> problems = [];
        if (!TerraformProgram.Find(context.Variable("PATH"), directory, choice.Region)
            .TryGet(out TerraformProgram? terraform, out IReadOnlyList<Problem> notFound)) problems.AddRange(notFound);
        // Without a stack there are no regions to compare with.
        if (Directory.Exists(directory) && UnknownRegion(directory, choice.Region) is { } unknown) problems.Add(unknown);
        problems.AddRange(choice.VariableFiles.Where(f => !File.Exists(Path.GetFullPath(f, context.WorkingDirectory))).Select(NoFile));
        if (problems.Count > 0) return Result<InfraStack>.Failure(problems);

        var deployment = new Deployment(terraform!, directory, Arguments(context, choice), choice.Region ?? "");
        if (!Directory.Exists(Path.Combine(directory, ".terraform", "providers"))) context.Terminal.Note("terraform init");
        problems.AddRange(await deployment.InitializeAsync(onLine: null, cancellationToken));
        return problems.Count > 0 ? Result<InfraStack>.Failure(problems)
            : new InfraStack(deployment, new LayoutJournal(terraform!, choice.Region, Earlier(directory, choice.Region)));
    }

    private static EarlierJournal Earlier(string directory, string? region) =>
        new(Path.Combine(directory, region is null ? "refrag-move.json" : $"refrag-move-{region}.json"));

    private static IReadOnlyList<string> Arguments(CliContext context, StackChoice choice) =>
    [
        .. choice.Region is { } region ? [$"-var-file={Path.Combine("regions", region + ".tfvars")}"] : Array.Empty<string>(),
        // Terraform runs in the stack's directory, the user stands in another.
        .. choice.VariableFiles.Select(file => $"-var-file={Path.GetFullPath(file, context.WorkingDirectory)}"),
        .. choice.Variables.Select(variable => $"-var={variable}"),
    ];

    private static Problem? UnknownRegion(string directory, string? region)
    {
        if (region is null || File.Exists(Path.Combine(directory, "regions", region + ".tfvars"))) return null;
        string folder = Path.Combine(directory, "regions");
        string[] known = Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, "*.tfvars").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
            : [];
        return new Problem
        {
            Code = "RF6030",
            What = $"there is no regions/{region}.tfvars",
            Cause = known.Length > 0 ? $"there are {string.Join(", ", known)}" : null,
            Cure = $"Name one of these, or write the file: one line, region = \"{region}\", is enough.{Suggestion.Sentence(region, known)}",
            Place = new ArgumentPlace(region, 1, Math.Max(1, region.Length)),
        };
    }

    private static Problem NoFile(string file) => new()
    {
        Code = "RF6031",
        What = $"there is no file {file}",
        Cure = "Correct --var-file; the path is relative to the current directory.",
        Place = new ArgumentPlace(file, 1, Math.Max(1, file.Length)),
    };
}
