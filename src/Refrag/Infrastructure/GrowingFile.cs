using System.Text;

namespace Refrag.Infrastructure;

/// <summary>Reads a file that another process still writes, a line at a time.</summary>
/// <param name="path">The file; it may not exist yet.</param>
/// <param name="onLine">Gets each whole line; null for none.</param>
internal sealed class GrowingFile(string path, Action<string>? onLine)
{
    private readonly List<byte> _rest = [];
    private long _read;

    /// <summary>Hands on the lines that were finished since the last time.</summary>
    public async Task ReadOnAsync()
    {
        if (onLine is null || !File.Exists(path)) return;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _read;
        var news = new byte[Math.Max(0, file.Length - _read)];
        int count = await file.ReadAtLeastAsync(news, news.Length, throwOnEndOfStream: false, CancellationToken.None);
        _read += count;
        foreach (byte b in news.AsMemory(0, count).ToArray())
        {
            if (b != '\n')
            {
                _rest.Add(b);
                continue;
            }
            onLine(Encoding.UTF8.GetString([.. _rest]));
            _rest.Clear();
        }
    }
}
