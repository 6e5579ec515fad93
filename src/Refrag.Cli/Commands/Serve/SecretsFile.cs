using System.Globalization;
using System.Text.Json;

namespace Refrag.Cli.Commands.Serve;

/// <summary>
/// The file of <c>--secrets</c>: a JSON object, or lines <c>NAME=VALUE</c>, from what job definitions name (an ARN, the name of a
/// parameter) to the value. No message shows anything of it.
/// </summary>
internal static class SecretsFile
{
    /// <summary>Reads the values.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">The file as the user named it.</param>
    public static Result<IReadOnlyDictionary<string, string>> Read(string path, string shown)
    {
        try
        {
            if (PrivateFiles.IsOpenToOthers(path))
            {
                return new Problem
                {
                    Code = "RF8061",
                    What = $"Others may read {shown}, which holds secrets",
                    Cure = $"Take it back with: chmod 600 {shown}. If another user may have read it, change the secrets.",
                };
            }
            string text = File.ReadAllText(path);
            return text.AsSpan().TrimStart() is ['{', ..] ? FromJson(text, shown) : FromLines(text, shown);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = "RF8060",
                What = $"--secrets={shown} cannot be read: {e.Message}",
                Cure = "Name a file with the values of secrets, readable by you alone.",
            };
        }
    }

    private static Result<IReadOnlyDictionary<string, string>> FromJson(string text, string shown)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            foreach (JsonProperty one in json.RootElement.EnumerateObject())
            {
                // A secret with keys may stand as the object that it is.
                string value = one.Value.ValueKind == JsonValueKind.String ? one.Value.GetString()! : one.Value.GetRawText();
                if (value.Contains('\0')) return NoText(shown);
                values[one.Name] = value;
            }
            return Result<IReadOnlyDictionary<string, string>>.Success(values);
        }
        catch (JsonException e)
        {
            return Malformed(shown, (e.LineNumber ?? 0) + 1, "It is not valid JSON there");
        }
        catch (InvalidOperationException)
        {
            return NoText(shown);
        }
    }

    private static Result<IReadOnlyDictionary<string, string>> FromLines(string text, string shown)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach ((int index, string line) in text.Split('\n').Index())
        {
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#') continue;
            int equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (trimmed.Contains('\0')) return NoText(shown);
            if (equals < 1) return Malformed(shown, index + 1, "A line is NAME=VALUE, with the name that a job definition has");
            values[trimmed[..equals].TrimEnd()] = trimmed[(equals + 1)..].TrimStart();
        }
        return Result<IReadOnlyDictionary<string, string>>.Success(values);
    }

    private static Problem Malformed(string shown, long line, string why) => new()
    {
        Code = "RF8062",
        What = string.Create(CultureInfo.InvariantCulture, $"Line {line} of --secrets={shown} is not understood"),
        Cause = why,
        Cure = "Write a JSON object such as {\"arn:aws:secretsmanager:…\": \"value\"}, or lines such as /app/token=value.",
    };

    // Half of a surrogate pair is valid JSON.
    private static Problem NoText(string shown) => new()
    {
        Code = "RF8062",
        What = $"A value of --secrets={shown} cannot be that of a variable",
        Cause = "It has a NUL character, or half of a surrogate pair",
        Cure = "Write it as text.",
    };
}
