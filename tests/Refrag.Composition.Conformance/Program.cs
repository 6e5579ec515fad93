using Refrag.Composition.Conformance;
using Refrag.Composition.Conformance.Fuzzing;
using Refrag.Composition.Conformance.Vectors;

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

if (arguments.Fuzz is { } count) return FuzzRun.Run(Console.Out, arguments.Language, count, arguments.Seed);

var fixtures = new Dictionary<string, FixtureTrees>(StringComparer.Ordinal);
foreach (string file in arguments.Fixtures)
{
    foreach ((string id, FixtureTrees trees) in VectorFile.ReadFixtures(file)) fixtures[id] = trees;
}

ExtendedCases extended = ExtendedCases.Read();
List<Verdict> verdicts = [.. arguments.Files
    .SelectMany(file => VectorFile.Read(file, fixtures))
    .Where(vector => arguments.Categories?.Contains(vector.Category) ?? true)
    .Select(vector => Verdict.Of(vector, extended))];
return Report.Write(Console.Out, verdicts);
