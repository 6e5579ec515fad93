using System.Diagnostics;

namespace Refrag.Engine.Tests.Runners;

/// <summary>A folder on a disk of its own that is soon full; only root may make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    public string Path => _folder.Path;

    public static async Task<SmallDisk> MakeAsync()
    {
        var made = new SmallDisk();
        made._isMounted = OperatingSystem.IsLinux()
            && await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", made.Path);
        if (made._isMounted) return made;
        await made.DisposeAsync();
        Assert.Skip("Only root may mount a small disk here.");
        return made;
    }

    public string At(string name) => _folder.At(name);

    /// <summary>Leaves no byte of it free, or a few pages of memory.</summary>
    public void Fill(int free = 0)
    {
        using var file = new FileStream(At("fill"), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[1024]);
        }
        catch (IOException)
        {
            // It is full.
        }
        file.SetLength(Math.Max(0, (file.Length / Environment.SystemPageSize) - free) * Environment.SystemPageSize);
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily: a program may still have a file open.
        if (_isMounted) await RunAsync("umount", "-l", Path);
        _folder.Dispose();
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0;
    }
}
