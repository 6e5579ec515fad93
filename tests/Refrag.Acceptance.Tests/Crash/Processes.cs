using System.Diagnostics;
using System.Globalization;

namespace Refrag.Acceptance.Tests.Crash;

/// <summary>The processes that a server's jobs are made of, found by a variable that they inherit.</summary>
internal sealed class Processes(string marker)
{
    public const string Marker = "REFRAG_CRASH_MARKER";

    /// <summary>Those that live.</summary>
    public IReadOnlyList<int> Living() =>
        [.. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out int pid) ? pid : 0).Where(IsOurs)];

    /// <summary>
    /// Kills one attempt with all that belongs to it, as a host that goes away would; the name of its folder, which is its task's id. Null
    /// where none runs.
    /// </summary>
    public async Task<string?> KillOneAsync(string attempts, Random chance)
    {
        if (!Directory.Exists(attempts)) return null;
        string[] launchers = [.. Directory.EnumerateFiles(attempts, "launcher", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        chance.Shuffle(launchers);
        foreach (string file in launchers)
        {
            string text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            if (!int.TryParse(text.Split(' ')[0], CultureInfo.InvariantCulture, out int pid) || !IsOurs(pid)) continue;
            using Process kill = Process.Start("kill", ["-KILL", "--", $"-{pid}"]);
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            return Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(file)));
        }
        return null;
    }

    private bool IsOurs(int pid)
    {
        try
        {
            return pid > 0
                && File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/environ"))
                .Contains($"{Marker}={marker}", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to another user.
            return false;
        }
    }
}
