namespace Refrag.Cli.Context;

/// <summary>
/// What refrag returns. Its own failures lie at 64 and above, as in BSD's sysexits, because a followed job passes its own exit code on and
/// jobs mostly fail with small numbers.
/// </summary>
public static class ExitCodes
{
    /// <summary>Done; a job that was followed succeeded.</summary>
    public const int Success = 0;

    /// <summary>A job that was followed failed without an exit code of its own: it was cancelled, say, or its host was lost.</summary>
    public const int JobFailed = 1;

    /// <summary>
    /// <c>refrag why</c> or <c>refrag doctor</c> found a cause; <c>refrag fit</c> or <c>refrag cost estimate</c> found no instance type
    /// that can host the job; <c>refrag cost</c> knows no price for it.
    /// </summary>
    public const int Trouble = 2;

    /// <summary>The command line or the configuration is wrong; nothing was sent.</summary>
    public const int Usage = 64;

    /// <summary>There is no such job, queue or environment, or nothing to do.</summary>
    public const int NothingFound = 66;

    /// <summary>
    /// AWS, or another endpoint, could not be reached or refused; <c>refrag serve --check</c> found no server that takes requests.
    /// </summary>
    public const int Unavailable = 69;

    /// <summary>A bug in refrag.</summary>
    public const int Internal = 70;

    /// <summary>
    /// The built-in engine has ended because of an internal error, or because its state cannot be written. The stored state is whole.
    /// </summary>
    public const int EngineFailed = 71;

    /// <summary>All was done, and the result could not be written to standard output.</summary>
    public const int NotWritten = 74;

    /// <summary>A job was perhaps submitted: the answer was lost and could not be found again. The message says how to look.</summary>
    public const int Unknown = 75;

    /// <summary>There are no usable credentials.</summary>
    public const int Credentials = 77;

    /// <summary><c>refrag infra verify</c> found something missing, disabled or unfit.</summary>
    public const int Unfit = 78;

    /// <summary><c>refrag wait --timeout</c>: not all jobs had ended by then. As the command timeout has it.</summary>
    public const int TimedOut = 124;

    /// <summary>Ended by SIGHUP: the terminal was closed.</summary>
    public const int HungUp = 129;

    /// <summary>Interrupted by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;
}
