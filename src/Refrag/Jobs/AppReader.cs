using Refrag.Composition.Tree;

namespace Refrag.Jobs;

/// <summary>
/// Reads what runs: <c>app.command</c>, or <c>app.class</c> and the program that has the class, and the app's own configuration.
/// </summary>
internal static class AppReader
{
    // What is not the app's own: the two groups that every command line has, and what Hydra has of its own.
    private static readonly string[] s_notTheApps = ["app", "env", "hydra"];

    public static AppSpec Read(ValueReader reader, ConfigMapping config)
    {
        string? type = reader.Text(AppKeys.Class);
        IReadOnlyList<string> command = Words(reader, AppKeys.Command);
        IReadOnlyList<string> program = Words(reader, AppKeys.Program);
        string name = reader.Text(AppKeys.Name) ?? type ?? "app";
        if (type is not null && command.Count > 0)
        {
            reader.Wrong("RF2011", AppKeys.Command, $"App {name} has both a class and a command", "Keep one of app.class and app.command.");
            return new CommandApp(name, command);
        }
        if (type is not null) return OfClass(name, type, program, ClassAppConfig.Write(config, s_notTheApps));
        if (program.Count > 0)
        {
            reader.Wrong("RF8130", AppKeys.Program, $"App {name} names a program and no class of it",
                "Add app.class, the name of the class; or write app.command in place of app.program.");
        }
        else if (command.Count == 0 || command[0].Length == 0)
        {
            reader.Wrong("RF2012", "app", $"App {name} does not say what runs",
                "Give it a command (app: {name: train, command: [python, train.py]}) or a class.");
        }
        return new CommandApp(name, command);
    }

    // A class of refrag's own is run by `refrag exec`; another program's by that program, which is a command like any other.
    private static AppSpec OfClass(string name, string type, IReadOnlyList<string> program, string config) =>
        program.Count == 0 ? new ClassApp(name, type, config) : new CommandApp(name, [.. program, type, config]);

    // A text is split into words as a shell would; what only a shell can do is left to one.
    private static IReadOnlyList<string> Words(ValueReader reader, string key)
    {
        if (reader.Find(key) is not ConfigScalar { Text: { Length: > 0 } line }) return reader.List(key);
        if (!ShellWords.NeedsShell(line) && ShellWords.Split(line) is { Count: > 0 } words) return words;
        reader.Wrong("RF2013", key, $"{key}={line} is more than a program and its arguments",
            $"Write a list: {key}=[python,train.py]. What needs a shell runs in one: [sh, -c, 'a | b'].",
            "It has an open quote, or a sign that only a shell understands");
        return [line];
    }
}
