using Refrag.Apps;
using Refrag.CodeArchives;
using Refrag.Jobs;

namespace Refrag.Launching;

/// <summary>The command that a container gets. Complete: nothing is composed in the container.</summary>
internal static class ContainerCommand
{
    /// <summary>The lines of shell before a command in an image without refrag: they bring the code.</summary>
    public static string BeforeShell(JobSpec spec) => CodeBootstrap.Lines(spec.CodeReference, spec.Connection.Region);

    private static string[] Begin(JobSpec spec) => spec.Slurm is { } slurm ? [slurm.Program] : [];

    public static Result<IReadOnlyList<string>> Of(JobSpec spec) => (spec.App, spec.EntryPoint) switch
    {
        // A container begins with refrag; a job on a cluster has to name it.
        (ClassApp app, EntryPoint.Refrag) => (string[])[.. Begin(spec), "exec", app.Class, app.Configuration],
        (CommandApp app, EntryPoint.Refrag) => (string[])[.. Begin(spec), .. ExecArguments.ForCommand(app.Command)],
        (CommandApp app, EntryPoint.Shell) => (string[])[.. ShellLauncher.Wrap(app.Command, BeforeShell(spec))],
        (ClassApp app, _) => new Problem
        {
            Code = "RF2020",
            What = $"app={app.Name} is a class inside refrag and cannot run with env.entry_point=shell",
            Cause = "An image whose entry point is not refrag does not have the class",
            Cure = "Use an image whose entry point is refrag (infra/docker/Dockerfile), or give the app a command.",
            Place = spec.Places.Of("env.entry_point"),
        },
        _ => throw new InvalidOperationException($"Unknown kind of app {spec.App}."),
    };
}
