namespace Refrag.Apps;

/// <summary>
/// An app that runs inside refrag's own process. It is linked into the program: native AOT loads no plug-ins, so a program with apps of its
/// own hands them to an <see cref="AppRegistry"/>.
/// </summary>
public interface IApp
{
    /// <summary>The name that <c>app.class</c> and <c>refrag exec NAME</c> say; unique in a registry, compared by ordinal.</summary>
    string Name { get; }

    /// <summary>
    /// Runs the app as one worker of a job and gives the exit code of the process, 0 for success. The token is cancelled by SIGTERM and
    /// SIGINT: save what is worth saving and throw <see cref="OperationCanceledException"/>, which becomes 143 or 130. Batch sends SIGKILL
    /// 30 seconds after SIGTERM.
    /// </summary>
    Task<int> RunAsync(AppRun run, CancellationToken cancellationToken);
}
