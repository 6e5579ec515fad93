using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>The files that a process has open, as Linux shows them.</summary>
internal static class OpenFiles
{
    /// <summary>
    /// Their identities; none if the process is gone, belongs to another user, or the system does not show them. <see cref="IOException"/>
    /// while no descriptor is free.
    /// </summary>
    public static IEnumerable<FileIdentity> Of(int pid)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/fd");
        return Names(folder).Select(FileIdentity.Of).OfType<FileIdentity>();
    }

    private static string[] Names(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && Shortage.Words(e) is null)
        {
            return [];
        }
    }
}
