namespace Refrag.Runners.Attempts;

/// <summary>The errors of the system that say that something is missing for the moment, and not that something is wrong.</summary>
internal static class Shortage
{
    private const int NoMemory = 12;
    private const int NoDescriptorsInSystem = 23;
    private const int NoDescriptors = 24;
    private const int NoSpace = 28;

    private static int TryAgain => OperatingSystem.IsMacOS() ? 35 : 11;

    private static int OverQuota => OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>What is missing, as a sentence with its cure; null if the exception is about something else.</summary>
    public static string? Words(Exception exception) => exception is IOException ? Words(exception.HResult) : null;

    /// <summary>What is missing, as a sentence with its cure; null if the error number is about something else.</summary>
    public static string? Words(int error) => error switch
    {
        NoDescriptors or NoDescriptorsInSystem => "no file descriptor is free. Raise the limit of open files (ulimit -n).",
        NoSpace => "the disk is full. Free some space.",
        NoMemory => "the system has no memory free.",
        _ when error == OverQuota => "the disk quota is used up. Free some space.",
        _ when error == TryAgain => "the limit of processes is reached. Raise it (ulimit -u).",
        _ => null,
    };

    /// <summary>Throws if an error number says that something is missing.</summary>
    public static void ThrowIf(int error)
    {
        if (Words(error) is { } words) throw new IOException(words, error);
    }
}
