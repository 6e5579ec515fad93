namespace Refrag.Jobs;

/// <summary>
/// The keys below <c>app</c>: what runs. Every app has them; the app's own keys stand beside <c>app</c>, at the root of the configuration.
/// </summary>
public static class AppKeys
{
    /// <summary>
    /// The app's name (string): in the tag <c>app</c>, and in the job's name where <c>env.job_name</c> says nothing else. Default: the
    /// class, else <c>app</c>.
    /// </summary>
    public const string Name = "app.name";

    /// <summary>
    /// The class that runs (string, or null): one that the program has, such as <c>hello_dist</c>. The app's own keys are its
    /// configuration. An app has a class or a command.
    /// </summary>
    public const string Class = "app.class";

    /// <summary>
    /// The program that has the class (list of strings, a string, or null): a program of your own, where it is on this machine and in the
    /// image. It is started as PROGRAM CLASS JSON. Default: refrag, which has the apps that come with it.
    /// </summary>
    public const string Program = "app.program";

    /// <summary>
    /// The command that runs (list of strings, or a string, which is split into words as a shell would): a program and its arguments.
    /// What needs a shell runs in one: <c>[sh, -c, 'a | b']</c>.
    /// </summary>
    public const string Command = "app.command";
}
