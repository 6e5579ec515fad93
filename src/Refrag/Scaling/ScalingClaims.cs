namespace Refrag.Scaling;

/// <summary>Where the claims of changes are: in a folder of the store that <c>env.claims</c> names for all claims.</summary>
public static class ScalingClaims
{
    private const string Folder = "/scale";

    /// <summary>The URL of the store for scaling.</summary>
    /// <param name="setting">What <c>env.claims</c> names.</param>
    public static string UrlIn(string setting) => $"{setting.TrimEnd('/')}{Folder}";

    /// <summary>What <c>env.claims</c> must name for a store of scaling.</summary>
    /// <param name="place">The place of the store, as the tag of a compute environment has it.</param>
    public static string SettingOf(string place) => place.EndsWith(Folder, StringComparison.Ordinal) ? place[..^Folder.Length] : place;
}
