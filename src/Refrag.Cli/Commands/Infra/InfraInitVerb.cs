using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra init</c>: writes the Terraform code that comes with refrag to a directory.</summary>
internal static class InfraInitVerb
{
    // What a user sets per region is the user's.
    private const string Regions = "regions/";
    private const int MostNamed = 5;

    public static Command Create(CliContext context)
    {
        Argument<string> directory = new("directory")
        {
            Description = "Where to write it.",
            DefaultValueFactory = _ => InfraOptions.UsualDirectory,
        };
        Option<bool> force = new("--force") { Description = "Overwrite files that differ; files in regions/ are kept." };
        Command verb = new("init", "Write the Terraform code of the queues to a directory.") { directory, force };
        verb.SetAction(parsed => Run(context, parsed.GetRequiredValue(directory), parsed.GetValue(force)));
        return verb;
    }

    private const string LockFile = ".terraform.lock.hcl";

    private static int Run(CliContext context, string directory, bool force)
    {
        string root = Path.GetFullPath(directory, context.WorkingDirectory);
        List<(string Name, byte[] Content)> files =
            [.. StackFiles.All().Where(file => !IsSame(Path.Combine(root, file.Name), file.Content))];
        // The user's own: settings of regions, and what `terraform init` has added to the lock file for another system.
        files.RemoveAll(file => (file.Name.StartsWith(Regions, StringComparison.Ordinal) || file.Name == LockFile)
            && File.Exists(Path.Combine(root, file.Name)));
        string[] differ = [.. files.Select(file => file.Name).Where(name => File.Exists(Path.Combine(root, name)))];
        if (differ.Length > 0 && !force) return context.Refuse([Differ(directory, differ)]);
        try
        {
            foreach ((string name, byte[] content) in files) Write(Path.Combine(root, name), content);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return context.Refuse([CannotWrite(directory, fault.Message)]);
        }
        string count = files.Count == 1 ? "1 file" : $"{files.Count} files";
        context.Terminal.Output(files.Count == 0 ? $"{directory} is up to date" : $"wrote {count} to {directory}");
        if (Foreign(root) is { Length: > 0 } foreign)
            context.Terminal.Note(
                $"Not from this version of refrag, and read by Terraform all the same: {string.Join(", ", foreign.Take(MostNamed))}.");
        string choice = directory == InfraOptions.UsualDirectory ? "" : $" -C {ShellWord.Quote(directory)}";
        context.Terminal.Note($"Next: refrag infra plan --region us-east-1{choice}");
        return ExitCodes.Success;
    }

    // A file is there whole or not at all.
    private static void Write(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string unfinished = path + ".new";
        File.WriteAllBytes(unfinished, content);
        File.Move(unfinished, path, overwrite: true);
    }

    // A file of an earlier version, whose resources may stand elsewhere now, or one of the user's own.
    private static string[] Foreign(string root) =>
    [
        .. Directory.EnumerateFiles(root, "*.tf").Select(path => Path.GetFileName(path))
            .Except(StackFiles.All().Select(file => file.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static Problem CannotWrite(string directory, string why) => new()
    {
        Code = "RF6047",
        What = $"{directory} cannot be written: {why}",
        Cure = "Name a directory in which you may write: refrag infra init DIRECTORY.",
    };

    private static bool IsSame(string path, byte[] content) => File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);

    private static Problem Differ(string directory, string[] names) => new()
    {
        Code = "RF6046",
        What = $"{directory} holds other files of the same names: {string.Join(", ", names.Take(MostNamed))}"
            + (names.Length > MostNamed ? $" and {names.Length - MostNamed} more" : ""),
        Cause = "They were changed, or come from another version of refrag",
        Cure = "Name another directory, or add --force to overwrite them. Files in regions/ are kept.",
    };
}
