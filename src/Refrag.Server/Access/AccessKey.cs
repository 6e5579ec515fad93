using System.Security.Cryptography;

namespace Refrag.Server.Access;

/// <summary>A pair that signs requests.</summary>
public sealed record AccessKey
{
    // As AWS makes them: AKIA and sixteen of these; a secret of thirty bytes in base 64.
    private const string IdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int SecretBytes = 30;

    /// <summary>The access key id, such as <c>AKIAIOSFODNN7EXAMPLE</c>.</summary>
    public required string AccessKeyId { get; init; }

    /// <summary>The secret access key.</summary>
    public required string SecretAccessKey { get; init; }

    /// <summary>Says the id alone: the secret does not belong into a log.</summary>
    public override string ToString() => AccessKeyId;

    internal static AccessKey New() => new()
    {
        AccessKeyId = "AKIA" + RandomNumberGenerator.GetString(IdLetters, 16),
        SecretAccessKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)),
    };
}
