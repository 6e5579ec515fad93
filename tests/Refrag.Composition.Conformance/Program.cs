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

ExtendedCases extended = ExtendedCases.Read(arguments.Reading);
ErrorKinds? kinds = arguments.Kinds ? ErrorKinds.Read() : null;
List<VectorCase> vectors = [.. arguments.Files
    .SelectMany(file => VectorFile.Read(file, fixtures, arguments.Reading))
    .Where(vector => arguments.Categories?.Contains(vector.Category) ?? true)];
using var folder = new RecordingFolder(vectors);
List<Verdict> verdicts = [.. vectors.Select(vector => Verdict.Of(vector with { Directory = folder.Path }, extended, kinds))];
if (folder.NamesFromAnswers > 0)
    Console.Out.WriteLine(
        $"{folder.NamesFromAnswers} cases list the directory that they were recorded in: its names are taken from their own answers, so "
            + "they try the form of the answer alone.");
int exit = Report.Write(Console.Out, verdicts);
if (arguments.BySource) Report.WriteBySource(Console.Out, verdicts);
return exit;
