namespace Refrag.Composition.Schemas;

/// <summary>
/// Keys that a closed schema leaves alone, whatever it declares: those of the program, and the packages that files of the composition go
/// to.
/// </summary>
internal sealed class OwnedKeys
{
    private readonly HashSet<string> _paths;

    public OwnedKeys(IEnumerable<string> programKeys, IEnumerable<string> packages)
    {
        _paths = new(programKeys, StringComparer.Ordinal);
        foreach (string package in packages)
        {
            for (int end = package.IndexOf('.', StringComparison.Ordinal); end >= 0; end = package.IndexOf('.', end + 1))
                _paths.Add(package[..end]);
            _paths.Add(package);
        }
    }

    /// <summary>Whether the key, as <c>env</c> or <c>env.extra</c>, is one of them.</summary>
    public bool Has(string path) => _paths.Contains(path);
}
