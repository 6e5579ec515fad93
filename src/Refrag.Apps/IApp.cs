namespace Refrag.Apps;

/// <summary>
/// An app that runs inside a process of .NET: refrag's own for the apps that come with it, else that of a program with
/// <see cref="AppProgram"/>. It is linked into that program, because native AOT loads no plug-ins.
/// </summary>
public interface IApp
{
    /// <summary>The name that <c>app.class</c> says; unique in a program, compared by ordinal.</summary>
    string Name { get; }

    /// <summary>
    /// Runs the app as one worker of a job and gives the exit code of the process, 0 for success. The token is cancelled by SIGTERM and
    /// SIGINT: save what is worth saving and throw <see cref="OperationCanceledException"/>, which becomes 143 or 130. Batch sends SIGKILL
    /// 30 seconds after SIGTERM.
    /// </summary>
    Task<int> RunAsync(AppRun run, CancellationToken cancellationToken);
}
