namespace Refrag.Composition.Search;
internal static class ConfigFileReader
{
    public static ConfigFile Read(string path, SourceText text, string source) => throw new NotSupportedException();
    public static ConfigFile Outside(string path, string file, string source) => throw new NotSupportedException();
    public static ConfigFile WrongExtension(string path) => throw new NotSupportedException();
}
