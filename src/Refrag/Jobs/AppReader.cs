using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>Reads what runs: <c>app.command</c> or <c>app.class</c>, and the app's own configuration.</summary>
internal static class AppReader
{
    // What is not the app's own: the two groups that every command line has, and what Hydra has of its own.
    private static readonly string[] s_notTheApps = ["app", "env", "hydra"];

    public static AppSpec Read(ValueReader reader, ConfigMapping config)
    {
        string? type = reader.Text(AppKeys.Class);
        IReadOnlyList<string> command = Command(reader);
        string name = reader.Text(AppKeys.Name) ?? type ?? "app";
        if (type is not null && command.Count > 0)
        {
            reader.Wrong("RF2011", AppKeys.Command, $"App {name} has both a class and a command", "Keep one of app.class and app.command.");
            return new CommandApp(name, command);
        }
        if (type is not null) return new ClassApp(name, type, ClassAppConfig.Write(config, s_notTheApps));
        if (command.Count == 0 || command[0].Length == 0)
        {
            reader.Wrong("RF2012", "app", $"App {name} does not say what runs",
                "Give it a command (app: {name: train, command: [python, train.py]}) or a class.");
        }
        return new CommandApp(name, command);
    }

    // A text is split into words as a shell would; what only a shell can do is left to one.
    private static IReadOnlyList<string> Command(ValueReader reader)
    {
        if (reader.Find(AppKeys.Command) is not ConfigScalar { Text: { Length: > 0 } line }) return reader.List(AppKeys.Command);
        if (!ShellWords.NeedsShell(line) && ShellWords.Split(line) is { Count: > 0 } words) return words;
        reader.Wrong("RF2013", AppKeys.Command, $"app.command={line} is more than a program and its arguments",
            "Write a list: command: [python, train.py]. What needs a shell runs in one: command: [sh, -c, 'a | b'].",
            "It has an open quote, or a sign that only a shell understands");
        return [line];
    }
}
