using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>refrag init</c>: writes a configuration for the program in this folder. Asks nothing, and overwrites nothing.</summary>
internal static class InitVerb
{
    private const string Folder = "conf";
    private static readonly string[] s_usualScripts = ["train.py", "main.py", "run.py"];

    public static Command Create(CliContext context)
    {
        Argument<string[]> command = new("command")
        {
            Description = "Behind --, the program and its arguments. Default: what is found here.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Command verb = new(
            "init",
            "Write a conf/ for a command, or for the Hydra project in this folder.\n"
            + "Options and arguments of the form --lr 0.1, --lr=0.1 or lr=0.1 become keys. Files that exist are kept.")
        {
            command,
        };
        verb.SetAction(parsed => Run(context, parsed.GetValue(command) ?? []));
        return verb;
    }

    private static int Run(CliContext context, string[] command)
    {
        if (command.Length == 0) command = Found(context);
        if (command.Length == 0) return context.Refuse([NothingToRun()]);
        bool isHydras = HydraProgram.Find(context, [], command) is not null;
        string name = CommandName.Of(command);
        List<(string Path, string Text)> files = isHydras
            ? [($"{Folder}/refrag.yaml", StarterFiles.ForHydra())]
            : [($"{Folder}/app/{name}.yaml", StarterFiles.App(name, command))];
        string config = $"{Folder}/config.yaml";
        if (!isHydras && !File.Exists(Path.Combine(context.WorkingDirectory, config))) files.Insert(0, (config, StarterFiles.Config(name)));
        string[] exist = [.. files.Select(file => file.Path).Where(path => File.Exists(Path.Combine(context.WorkingDirectory, path)))];
        if (exist.Length > 0) return context.Refuse([.. exist.Select(Exists)]);
        foreach ((string path, string text) in files)
        {
            if (Write(Path.Combine(context.WorkingDirectory, path), text) is { } fault) return context.Refuse([CannotWrite(path, fault)]);
            context.Terminal.Output($"wrote {path}");
        }
        string run = isHydras
            ? $"refrag run -- {string.Join(' ', command.Select(ShellWord.Quote))}"
            : files.Count > 1 ? "refrag run" : $"refrag run app={name}";
        context.Terminal.Note($"Run it with: {run}");
        return ExitCodes.Success;
    }

    // Null, or why not. A link that leads nowhere is there too, and is not written through.
    private static string? Write(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new StreamWriter(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
            file.Write(text);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault.Message;
        }
    }

    // The one script of Hydra's in this folder or in src, else the one with a usual name.
    private static string[] Found(CliContext context)
    {
        string folder = context.WorkingDirectory;
        string[] scripts = [.. ((string[])["", "src"]).Select(below => Path.Combine(folder, below)).Where(Directory.Exists)
            .SelectMany(below => Directory.EnumerateFiles(below, "*.py")).Order(StringComparer.Ordinal)];
        string[] hydras = [.. scripts.Where(script => File.ReadAllText(script).Contains("@hydra.main", StringComparison.Ordinal))];
        string[] usual = [.. scripts.Where(script => s_usualScripts.Contains(Path.GetFileName(script)))];
        string[] chosen = hydras.Length > 0 ? hydras : usual.Length > 0 ? usual : scripts;
        return chosen is [var one] ? [MeantCommand.Python(context), Path.GetRelativePath(folder, one)] : [];
    }

    private static Problem NothingToRun() => new()
    {
        Code = "RF5055",
        What = "It is not clear which program of this folder to run",
        Cause = "There is not exactly one script that Hydra starts, that is named train.py, main.py or run.py, or that ends in .py",
        Cure = "Name it: refrag init -- python train.py.",
    };

    private static Problem CannotWrite(string path, string why) => new()
    {
        Code = "RF5057",
        What = $"{path} cannot be written: {why}",
        Cure = "Repeat the command in a folder in which you may write.",
    };

    private static Problem Exists(string path) => new()
    {
        Code = "RF5056",
        What = $"{path} exists already",
        Cure = "Change it with an editor, or move it away and repeat the command.",
    };
}
