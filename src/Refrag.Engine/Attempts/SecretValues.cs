using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Attempts;

/// <summary>
/// The values of the secrets that a container names. (UG specifying-sensitive-data: Secrets Manager, with a JSON key of the secret, and
/// parameters of Systems Manager)
/// </summary>
internal static class SecretValues
{
    /// <summary>Why a process does not start where no values are known: it would run without its secrets.</summary>
    public const string NotKnown =
        "secrets are kept by AWS and cannot be read here. Give the server their values with --secrets FILE, pass them as variables, or "
            + "run the job on AWS";

    // What Fargate reports of a task whose secrets cannot be had, as users quote it; that it says the same of a job on EC2 is assumed.
    private const string Failed =
        "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ";

    // The parts of an ARN of Secrets Manager; what follows are a JSON key, a version's stage and its id.
    private const int PartsOfArn = 7;

    /// <summary>The variables; none if <paramref name="missing"/> says in AWS's words what cannot be had.</summary>
    /// <param name="secrets">The secrets of the container.</param>
    /// <param name="known">The values by ARN, or by whatever a definition names them; null if none are known here.</param>
    /// <param name="isProcess">Whether it is a process of this machine; a container is asked for its secrets by what runs it.</param>
    /// <param name="missing">Why the container cannot start; null if it can, or if nothing is known of secrets.</param>
    public static IReadOnlyList<KeyValuePair> Of(
        IReadOnlyList<Secret>? secrets, IReadOnlyDictionary<string, string>? known, bool isProcess, out string? missing)
    {
        missing = null;
        if (secrets is not { Count: > 0 }) return [];
        if (isProcess) missing = known is null ? $"{NotKnown}." : secrets.Select(Unpassable).FirstOrDefault(why => why is not null);
        if (known is null || missing is not null) return [];
        List<KeyValuePair> variables = [];
        foreach (Secret secret in secrets)
        {
            string? value = known.GetValueOrDefault(secret.ValueFrom) ?? OfKey(secret.ValueFrom, known, out missing);
            if (value is null)
            {
                missing ??= Absent(secret.ValueFrom);
                return [];
            }
            variables.Add(new KeyValuePair { Name = secret.Name, Value = value });
        }
        return variables;
    }

    // A variable with another name reaches a process through a command line, which other users of the machine can read.
    private static string? Unpassable(Secret secret) => LauncherScript.IsShellName(secret.Name)
        ? null
        : $"the secret '{secret.Name}' cannot be passed to a process: its name is not one of letters, digits and underscores, beginning "
            + "with no digit. Rename it in the job definition, or run the job in a container.";

    private static string? OfKey(string from, IReadOnlyDictionary<string, string> known, out string? missing)
    {
        missing = null;
        string[] parts = from.Split(':');
        if (!IsOfSecretsManager(from) || parts.Length <= PartsOfArn) return null;
        if (known.GetValueOrDefault(string.Join(':', parts[..PartsOfArn])) is not { } whole) return null;
        string key = parts[PartsOfArn];
        if (key.Length == 0) return whole;
        try
        {
            using JsonDocument json = JsonDocument.Parse(whole);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(key, out JsonElement found))
            {
                string value = found.ValueKind == JsonValueKind.String ? found.GetString()! : found.GetRawText();
                if (!value.Contains('\0')) return value;
                missing = $"{Failed}secret from asm: the value of json key {key} has a NUL character";
                return null;
            }
            missing = $"{Failed}secret from asm: service call has been retried 1 time(s): retrieved secret from Secrets Manager did not "
                + $"contain json key {key}";
        }
        // Half of a surrogate pair is valid JSON, and cannot be read as text.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // AWS names the character; it is one of the secret's.
            missing = $"{Failed}secret from asm: service call has been retried 1 time(s): invalid character in a secret that is not JSON";
        }
        return null;
    }

    private static string Absent(string from) => IsOfSecretsManager(from)
        ? $"{Failed}secret from asm: service call has been retried 1 time(s): failed to fetch secret {from} from secrets manager: "
            + "ResourceNotFoundException: Secrets Manager can't find the specified secret."
        : $"{Failed}secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: {from}";

    private static bool IsOfSecretsManager(string from) => from.Split(':') is ["arn", _, "secretsmanager", ..];
}
