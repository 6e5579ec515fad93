namespace Refrag.CodeArchives;

/// <summary>What is known of files by their names: what no job needs, and what is not meant for others.</summary>
internal static class UsualFiles
{
    /// <summary>
    /// What is left out of what Git does not track, unless <c>.refragignore</c> takes it back: packages that can be installed again, and
    /// the folders into which refrag and Hydra write, with stores of results, which change while jobs run.
    /// </summary>
    public const string Ignored = """
        node_modules/
        .terraform/
        .eggs/
        *.egg-info/
        .DS_Store
        /outputs/
        /multirun/
        **/????????-????-????-????-????????????/**/attempt-*/
        """;

    // Histories and caches, which mean nothing elsewhere.
    private static readonly string[] s_never =
    [
        ".git", ".hg", ".svn", ".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints", ".tox", ".nox",
        ".gradle", ".cache",
    ];

    private static readonly string[] s_secrets =
    [
        ".env", ".env.*", "*.env", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.ppk", "*.kdbx", "id_rsa", "id_dsa",
        "id_ecdsa", "id_ed25519", ".netrc", "_netrc", ".pgpass", ".pypirc", ".git-credentials", ".dockercfg", ".htpasswd", "credentials",
        "credentials.json", "client_secret*.json", "service[-_]account*.json", "secrets.json", "secrets.y*ml", "secrets.toml",
        "kubeconfig", "*.tfstate",
    ];

    // Samples without values, which projects keep in their repositories.
    private static readonly string[] s_samples = [".env.example", ".env.sample", ".env.template", ".env.dist", "*.pub"];

    /// <summary>Whether a folder is never taken, whatever the ignore files say.</summary>
    /// <param name="folder">The folder's full path.</param>
    public static bool IsNeverTaken(string folder) =>
        s_never.Contains(Path.GetFileName(folder)) || File.Exists(Path.Combine(folder, "pyvenv.cfg"))
        || Directory.Exists(Path.Combine(folder, "conda-meta"));

    /// <summary>Whether a file looks like a secret, by its name alone.</summary>
    /// <param name="path">The file's path.</param>
    public static bool IsSecret(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        return s_secrets.Any(pattern => NamePattern.Matches(pattern, name)) && !s_samples.Any(sample => NamePattern.Matches(sample, name));
    }
}
