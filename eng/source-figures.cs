// Prints how tidy the sources are: circles of folders by project (a detail and its whole make none), type names declared in
// several namespaces, lines over 140 columns, literals that repeat a value of AWS's enumerations, and phrases that docs/STYLE.md replaces.
//
//     dotnet run eng/source-figures.cs -- [--details]
#:project Refrag.SourceAnalysis/Refrag.SourceAnalysis.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property RunAnalyzers=false
#:property TreatWarningsAsErrors=false

using Refrag.SourceAnalysis;

string root = Directory.GetCurrentDirectory();
bool details = args.Contains("--details");
SourceCode code = SourceCode.Read(root);

Console.WriteLine("Circles of folders");
foreach (IGrouping<string, FolderUse> project in FolderUses.Find(code).GroupBy(use => use.Project))
{
    int folders = code.Files.Values.Where(file => file.Project == project.Key).Select(file => file.Folder).Distinct().Count();
    IReadOnlyList<IReadOnlyList<string>> circles = FolderCycles.Find(project.Where(use => !FolderDetails.IsDetailOfItsWhole(use)));
    string sizes = circles.Count == 0 ? "none" : string.Join(" and ", circles.Select(circle => circle.Count));
    Console.WriteLine($"  {project.Key}: {sizes} of {folders} folders");
    if (!details) continue;
    foreach (IReadOnlyList<string> circle in circles) Console.WriteLine($"    circle: {string.Join(' ', circle)}");
    foreach (FolderUse use in project) Console.WriteLine($"    {use}");
}

Show("Type names declared in several namespaces",
    [.. Names.InSeveralNamespaces(code).Select(name => $"{name.Name}: {string.Join(", ", name.Namespaces)}")]);
Show("Lines over 140 columns in code and prose", LongLines.Find(root));
Show("Literals that repeat a value of AWS's enumerations",
    [.. EnumerationLiterals.Find(code).Select(found => $"{found.Place}: {found.Value}")]);
Show("Phrases of the list in docs/STYLE.md", Phrases.Find(root));

void Show(string title, IReadOnlyList<string> found)
{
    Console.WriteLine($"{title}: {found.Count}");
    if (!details) return;
    foreach (string one in found) Console.WriteLine($"    {one}");
}
