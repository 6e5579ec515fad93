namespace Refrag.Apps;

/// <summary>The exit codes of a worker; those from 126 on follow the shell's custom.</summary>
public static class AppExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The app ran and failed, or threw.</summary>
    public const int Failed = 1;

    /// <summary>The app was not begun: its arguments, configuration or environment are wrong.</summary>
    public const int Refused = 2;

    /// <summary>The app succeeded, and its results could not be stored.</summary>
    public const int NotStored = 74;

    /// <summary>The command was found and could not be run.</summary>
    public const int NotExecutable = 126;

    /// <summary>The command was not found.</summary>
    public const int NotFound = 127;

    /// <summary>Stopped by SIGINT: 128 and 2.</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM: 128 and 15.</summary>
    public const int Terminated = 143;
}
