using System.Diagnostics;
using System.Globalization;

namespace Refrag.Acceptance.Tests;

/// <summary>
/// A small disk of the state's own, which can be filled. Only root may mount one; otherwise the state lies on the machine's disk, and is
/// never full.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int BlockBytes = 64 * 1024;
    private readonly string _state;
    private readonly string _ballast;

    private SmallDisk(string state, bool isMounted) => (_state, IsMounted, _ballast) = (state, isMounted, Path.Combine(state, "ballast"));

    /// <summary>Whether the disk can be filled.</summary>
    public bool IsMounted { get; }

    /// <summary>Mounts one on the folder of a state that is to be made.</summary>
    public static async Task<SmallDisk> MountAsync(string state, int mebiBytes)
    {
        Directory.CreateDirectory(state);
        string size = string.Create(CultureInfo.InvariantCulture, $"size={mebiBytes}m,mode=0700");
        return new SmallDisk(state, OperatingSystem.IsLinux() && await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", state));
    }

    /// <summary>Fills it to the last block.</summary>
    public void Fill()
    {
        if (!IsMounted) return;
        try
        {
            using var file = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] block = new byte[BlockBytes];
            for (int size = BlockBytes; size >= 4096;)
            {
                try
                {
                    file.Write(block.AsSpan(0, size));
                }
                catch (IOException)
                {
                    size /= 2;
                }
            }
        }
        catch (IOException)
        {
            // Full before it began.
        }
    }

    /// <summary>Makes room again.</summary>
    public void Free() => File.Delete(_ballast);

    public void Dispose()
    {
        if (!IsMounted) return;
        using Process unmount = Process.Start("umount", ["-l", _state]);
        unmount.WaitForExit();
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process =
                Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
