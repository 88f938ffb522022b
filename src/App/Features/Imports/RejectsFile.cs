using System.Globalization;
using System.Text;

namespace Laurel.App.Features.Imports;

/// <summary>A CSV of what was rejected: file, line, reason, and the row as it stands there, to be mended and imported again.</summary>
public sealed class RejectsFile(string path) : IDisposable
{
    private readonly StreamWriter writer = Begin(path);

    /// <summary>Null where none was asked for, and where it cannot be written, with the reason.</summary>
    public static RejectsFile? Open(string? path, out string? refusal)
    {
        refusal = null;
        try
        {
            return path is null ? null : new RejectsFile(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            refusal = failure.Message;
            return null;
        }
    }

    public void Add(ReadItem item, string reason)
    {
        writer.Write(Quoted(item.File));
        writer.Write(',');
        writer.Write(item.Line.ToString(CultureInfo.InvariantCulture));
        writer.Write(',');
        writer.Write(Quoted(reason));
        writer.Write(',');
        writer.Write(Quoted(item.Raw));
        writer.Write('\n');
    }

    public void Dispose() => writer.Dispose();

    private static StreamWriter Begin(string path)
    {
        var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        file.Write("file,line,reason,row\n");
        return file;
    }

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : '"' + text.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
}
