using Refrag.Engine.Names;

namespace Refrag.Engine.Store;

/// <summary>What is wrong with a folder that holds a state, or should.</summary>
internal static class StateProblems
{
    /// <summary>A folder that must hold a state holds none.</summary>
    public static Problem Absent(string folder) => new()
    {
        Code = "RF4012",
        What = $"there is no state in {folder}",
        Cure = "Name the folder of an engine that has run.",
    };

    /// <summary>A state that is there cannot be read.</summary>
    public static Problem Unreadable(string? path, Exception fault) => new()
    {
        Code = "RF4016",
        What = $"the state in {path} cannot be read: {fault.Message.TrimEnd('.')}",
        Cure = "Restore it from an export, or name another folder.",
    };

    /// <summary>The copy that a local run left of its state cannot be read.</summary>
    public static Problem UnreadableCopy(string folder, Exception fault) => new()
    {
        Code = "RF4016",
        What = $"the copy of a state in {folder} cannot be read: {fault.Message.TrimEnd('.')}",
        Cure = "Make room on its disk, or remove the folder.",
    };

    /// <summary>A folder cannot be made, secured or locked.</summary>
    public static Problem Unusable(string folder, Exception fault) => new()
    {
        Code = "RF4035",
        What = $"the state folder {folder} cannot be used: {fault.Message.TrimEnd('.')}",
        Cure = "Give rights to it, or name another folder.",
    };

    /// <summary>A state was made for another account or region than it is opened for.</summary>
    public static Problem OfAnother(string? folder, string account, string region, LocalArns wanted) => new()
    {
        Code = "RF4040",
        What = $"the state in {folder} belongs to account {account} in {region}, and is opened for account {wanted.Account} in "
            + wanted.Region,
        Cause = "Its ARNs say where it was made, and clients keep them.",
        Cure = $"Use --account={account} and --region={region}, or name another folder.",
    };

    /// <summary>Another engine has the folder.</summary>
    public static Problem InUse(string folder, string holder) => new()
    {
        Code = "RF4010",
        What = $"the state in {folder} is in use by {holder}",
        Cure = "End that one first, or name another folder.",
    };
}
