namespace Refrag.Cli.Context;

/// <summary>Where state lies where the user does not say. (XDG Base Directory Specification)</summary>
internal static class UserFolders
{
    public static string State(Func<string, string?> variable) => Path.Combine(
        variable("XDG_STATE_HOME") is { Length: > 0 } home && Path.IsPathFullyQualified(home)
            ? home
            : Path.Combine(Home(variable), ".local", "state"), "refrag");

    private static string Home(Func<string, string?> variable) =>
        variable("HOME") is { Length: > 0 } home ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
