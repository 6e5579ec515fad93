namespace Refrag.Acceptance.Tests.Served;

/// <summary><c>refrag serve --secrets</c> with one secret, whose jobs are processes.</summary>
public sealed class SecretServed : ServedBatch
{
    /// <summary>The secret's ARN.</summary>
    public const string Arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:token-AbCdEf";

    /// <summary>The secret.</summary>
    public const string Value = "a value of its own";

    private readonly string _file = WriteFile();

    protected override string[] Options => ["--runner", "process", "--secrets", _file];

    /// <summary>Makes a file with the secret.</summary>
    public static string WriteFile()
    {
        string file = Path.Combine(ScratchFolder.Make("secrets"), "secrets");
        File.WriteAllText(file, $"{Arn}={Value}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead);
        return file;
    }
}
