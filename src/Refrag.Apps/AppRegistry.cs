namespace Refrag.Apps;

/// <summary>The class apps that a program knows, by name.</summary>
public sealed class AppRegistry
{
    private readonly Dictionary<string, IApp> _apps = new(StringComparer.Ordinal);

    /// <summary>A registry of these apps. Throws <see cref="ArgumentException"/> where two have one name.</summary>
    public AppRegistry(params IEnumerable<IApp> apps)
    {
        foreach (IApp app in apps)
        {
            if (!_apps.TryAdd(app.Name, app)) throw new ArgumentException($"Two apps have the name {app.Name}.", nameof(apps));
        }
    }

    /// <summary>The names, in ordinal order.</summary>
    public IReadOnlyCollection<string> Names => [.. _apps.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The app of that name; null if there is none.</summary>
    public IApp? Find(string name) => _apps.GetValueOrDefault(name);

    /// <summary>Problem RF7001 for a name that is not there, with the nearest one that is.</summary>
    public Problem Unknown(string name) => new()
    {
        Code = "RF7001",
        What = $"There is no app named {name}",
        Cause = $"This program has {Listed(Names)}",
        Cure = Suggestion.Nearest(name, Names) is { } nearest
            ? $"Did you mean {nearest}?"
            : "Give one of those; or name the program that has it with app.program",
        Place = new ArgumentPlace(name, 1, Math.Max(1, name.Length)),
    };

    internal static string Listed(IReadOnlyCollection<string> names) => names.Count == 0 ? "no apps" : string.Join(", ", names);
}
