using System.IO.Compression;

namespace Laurel.App.Tests.Oracle;

/// <summary>A row of a file, its fields by the names of the header.</summary>
internal sealed class RawRow(Dictionary<string, int> places, string[] fields)
{
    public string this[string column] => fields[places[column]];
}

/// <summary>Reads the files as what they are: gzip of lines whose fields are parted by one character and never quoted.</summary>
internal static class RawRows
{
    public static IEnumerable<RawRow> Of(string file, char separator)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        var header = text.ReadLine()!.Split(separator);
        var places = header.Select((name, place) => (name, place)).ToDictionary(c => c.name, c => c.place);
        while (text.ReadLine() is { } line)
        {
            var fields = line.Split(separator);
            if (fields.Length != header.Length || line.Contains('"')) throw new InvalidDataException($"Not a plain row in {file}: {line}");
            yield return new RawRow(places, fields);
        }
    }
}
