using Refrag.Catalogues;
using Refrag.Cli.Context;

namespace Refrag.Cli.Connections;

/// <summary>The instance types and prices that verbs count with: the project's, and over them what the user has read from AWS.</summary>
internal static class UserCatalogue
{
    public static CatalogueFolder Folder(CliContext context) => new(Path.Combine(UserFolders.State(context.Variable), "catalogue"));

    /// <summary>Loads both; a file that cannot be read is reported and left out.</summary>
    public static KnownCatalogue Load(CliContext context)
    {
        KnownCatalogue known = Folder(context).Load();
        if (known.Problems.Count > 0) context.Terminal.Problems(known.Problems);
        return known;
    }
}
