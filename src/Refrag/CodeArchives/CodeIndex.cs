using System.Security.Cryptography;
using System.Text;
using Refrag.Stores;

namespace Refrag.CodeArchives;

/// <summary>
/// Remembers the hash of the code in each folder, so that the files of an unchanged folder are not read again. It is an aid alone: what
/// cannot be read, is damaged or belongs to others is not used, and what cannot be written is not remembered.
/// </summary>
/// <param name="folder">Where it is kept: a folder of this user, made when it is needed.</param>
/// <param name="time">The clock.</param>
public sealed class CodeIndex(string folder, TimeProvider time)
{
    // The file's first line; behind it fingerprint and hash of the code, and a hash of both.
    private const string Form = "refrag code index 1";

    private const int MostBytes = 1024;
    private const int MostFolders = 500;

    private static readonly TimeSpan s_unused = TimeSpan.FromDays(30);

    // Within this time of a change another one may leave a file's times as they are: FAT counts two seconds, other file systems less.
    private static readonly TimeSpan s_unsettled = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The hash of a folder's code: the one that is remembered, if no file has changed since it was read; else that of what is read now.
    /// </summary>
    /// <param name="listing">The files, with their stamps.</param>
    /// <param name="began">When they began to be listed.</param>
    /// <param name="read">Reads them.</param>
    internal async Task<string> DigestAsync(CodeListing listing, DateTimeOffset began, Func<Task<string>> read)
    {
        if (PrivateFiles.CheckFolder(folder) is not null || CodeFingerprint.Of(listing) is not { } fingerprint) return await read();
        if (Find(listing.Folder, fingerprint) is { } known) return known;
        string digest = await read();
        if (IsSettled(listing, began)) await AddAsync(listing.Folder, fingerprint, digest);
        return digest;
    }

    /// <summary>The time that the times of files are compared with.</summary>
    internal DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Forgets a folder, whose code turned out to be another one.</summary>
    internal void Remove(string code) => Try(() => File.Delete(PathOf(code)));

    // A file that was changed a moment ago, or by its times will be, may be changed once more and keep its stamp.
    private static bool IsSettled(CodeListing listing, DateTimeOffset began)
    {
        long last = (began - s_unsettled - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return listing.Files.All(file => file.Stamp is not { } stamp || Math.Max(stamp.Changed, stamp.Modified) < last);
    }

    private string? Find(string code, string fingerprint)
    {
        string? digest = null;
        Try(() =>
        {
            var file = new FileInfo(PathOf(code));
            if (!file.Exists || file.Length > MostBytes) return;
            string[] lines = File.ReadAllText(file.FullName).Split('\n');
            if (lines.Length != 5 || lines[1] != fingerprint || lines[3] != Check(fingerprint, lines[2]) || lines[0] != Form) return;
            digest = lines[2];
            file.LastWriteTimeUtc = Now.UtcDateTime;
        });
        return digest;
    }

    private async Task AddAsync(string code, string fingerprint, string digest)
    {
        byte[] text = Encoding.ASCII.GetBytes($"{Form}\n{fingerprint}\n{digest}\n{Check(fingerprint, digest)}\n");
        string path = PathOf(code);
        try
        {
            PrivateFiles.CreateFolder(folder);
            await WholeFile.WriteAsync(
                path, $"{path}-{Guid.NewGuid():N}", isPrivate: true,
                async (output, token) => await output.WriteAsync(text, token), CancellationToken.None, isSynced: false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return;
        }
        Prune();
    }

    private void Prune()
    {
        DateTime now = Now.UtcDateTime;
        Try(() =>
        {
            FileInfo[] files = [.. new DirectoryInfo(folder).GetFiles().OrderByDescending(file => file.LastWriteTimeUtc)];
            for (int i = 0; i < files.Length; i++)
            {
                if (i >= MostFolders || now - files[i].LastWriteTimeUtc > s_unused) files[i].Delete();
            }
        });
    }

    private string PathOf(string code) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code))));

    private static string Check(string fingerprint, string digest) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Form} {fingerprint} {digest}")));

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Without the index the files are read.
        }
    }
}
