namespace Refrag.Engine.Tests;

internal static class ProcessEnd
{
    /// <summary>
    /// Waits until a process that was killed has gone: its end comes a moment after the signal, and of a process that is not our child nothing else tells.
    /// </summary>
    public static Task GoneAsync(string pid) => Eventually.HoldsAsync(() => !IsAlive(pid), $"process {pid} has ended");

    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
