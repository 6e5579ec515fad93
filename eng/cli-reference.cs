// Writes docs/reference from the program and its sources, or compares with --check. eng/reference runs it.
#:project Refrag.Reference/Refrag.Reference.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property RunAnalyzers=false
#:property TreatWarningsAsErrors=false

using Refrag.Reference;
using Refrag.SourceAnalysis;

string root = Directory.GetCurrentDirectory();
ReferencePages reference = ReferencePages.Create(SourceCode.Read(root));
foreach (string gap in reference.Gaps) Console.Error.WriteLine(gap);
if (args is ["--check"])
{
    IReadOnlyList<string> differences = reference.Differences(root);
    foreach (string difference in differences) Console.Error.WriteLine(difference);
    if (differences.Count > 0) Console.Error.WriteLine("Run eng/reference.");
    return differences.Count + reference.Gaps.Count > 0 ? 1 : 0;
}
reference.Write(root);
return reference.Gaps.Count > 0 ? 1 : 0;
