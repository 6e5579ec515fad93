using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Server.Access;

/// <summary>The access keys of a state folder: <c>access-keys.json</c>, readable for its owner alone.</summary>
public static class AccessKeyFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "access-keys.json";

    /// <summary>
    /// The keys of a folder; one is made if there is no file yet. RF5101 where others may read the file, RF5102 where it is no list of
    /// keys, RF5103 where the folder cannot be used.
    /// </summary>
    /// <param name="folder">The state folder; made, for its owner alone, if there is none.</param>
    public static Result<IReadOnlyList<AccessKey>> Open(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            if (PrivateFiles.SecureFolder(folder) is { } untrusted) return untrusted;
            if (!File.Exists(path)) Create(path);
            if (PrivateFiles.IsOpenToOthers(path)) return Problems.ReadableByOthers(path);
            return Read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Problems.Unusable(folder, e);
        }
    }

    private static Result<IReadOnlyList<AccessKey>> Read(string path)
    {
        try
        {
            AccessKey[] keys = JsonSerializer.Deserialize(File.ReadAllBytes(path), AccessKeyJson.Default.AccessKeyArray) ?? [];
            return keys.Length > 0 && keys.All(k => k.AccessKeyId.Length > 0 && k.SecretAccessKey.Length > 0)
                ? keys
                : Problems.NoKeys(path, "it holds no key");
        }
        catch (JsonException e)
        {
            return Problems.NoKeys(path, e.Message);
        }
    }

    // Complete before it has its name, and never over one that another start has made meanwhile.
    private static void Create(string path)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        using (FileStream file = PrivateFiles.Open(temporary, FileMode.CreateNew, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, [AccessKey.New()], AccessKeyJson.Default.AccessKeyArray);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    private static class Problems
    {
        public static Problem ReadableByOthers(string path) => new()
        {
            Code = "RF5101",
            What = $"Others may read {path}, which holds the keys of this server",
            Cure = $"Take it back with: chmod 600 {path}. If another user may have read it, delete it; the next start makes new keys.",
        };

        public static Problem NoKeys(string path, string why) => new()
        {
            Code = "RF5102",
            What = $"{path} is not a list of access keys",
            Cause = why,
            Cure = "Mend it, or delete it, and the next start makes new keys.",
        };

        public static Problem Unusable(string folder, Exception why) => new()
        {
            Code = "RF5103",
            What = $"The state folder {folder} cannot be used",
            Cause = why.Message,
            Cure = "Name another one with --state DIR.",
        };
    }
}

/// <summary>How the file is written.</summary>
[JsonSerializable(typeof(AccessKey[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class AccessKeyJson : JsonSerializerContext;
