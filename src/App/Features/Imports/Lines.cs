using System.Text;

namespace Laurel.App.Features.Imports;

/// <summary>One line of a file, without its end.</summary>
/// <param name="Text">Null when the line cannot be read as text.</param>
/// <param name="Problem">Why not.</param>
internal readonly record struct Line(long Number, string? Text, string? Problem);

/// <summary>Cuts a stream of UTF-8 into lines, each judged alone, and never holds more than one of bounded length.</summary>
internal sealed class Lines(Stream stream)
{
    /// <summary>In bytes.</summary>
    public const int MaximumLength = 1 << 20;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    private readonly byte[] buffer = new byte[1 << 16];
    private int start, end;
    private byte[] carried = new byte[1 << 12];
    private long number;

    /// <summary>Answers false at the end of the file.</summary>
    /// <exception cref="FileRefused">The file is no text.</exception>
    public bool Next(out Line line)
    {
        line = default;
        var (length, tooLong) = (0, false);
        while (true)
        {
            if (start == end && !Fill())
            {
                if (length == 0 && !tooLong) return false;
                line = Make(carried.AsSpan(0, length), tooLong);
                return true;
            }
            var rest = buffer.AsSpan(start, end - start);
            var newline = rest.IndexOf((byte)'\n');
            var piece = newline < 0 ? rest : rest[..newline];
            start += newline < 0 ? piece.Length : newline + 1;
            if (newline >= 0 && length == 0 && !tooLong)
            {
                line = Make(piece, tooLong: piece.Length > MaximumLength);
                return true;
            }
            // What exceeds the limit is read over, so that the next line can be judged.
            if (length + piece.Length > MaximumLength) tooLong = true;
            if (!tooLong)
            {
                if (length + piece.Length > carried.Length) Array.Resize(ref carried, Math.Max(carried.Length * 2, length + piece.Length));
                piece.CopyTo(carried.AsSpan(length));
                length += piece.Length;
            }
            if (newline < 0) continue;
            line = Make(carried.AsSpan(0, length), tooLong);
            return true;
        }
    }

    private bool Fill()
    {
        // As much as there is at once: what stands before a damaged place is still read.
        (start, end) = (0, stream.Read(buffer));
        if (number == 0) Inspect(buffer.AsSpan(0, end));
        return end > 0;
    }

    private static void Inspect(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith("PK\x03\x04"u8)) throw new FileRefused(1, "a zip archive (or a spreadsheet): unpack or export it first");
        if (beginning.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || beginning.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            throw new FileRefused(1, "encoded as UTF-16: save it as UTF-8");
        if (beginning[..Math.Min(beginning.Length, 4096)].IndexOf((byte)0) is >= 0 and var nul)
            throw new FileRefused(beginning[..nul].Count((byte)'\n') + 1, "a binary file, not text");
    }

    private Line Make(ReadOnlySpan<byte> bytes, bool tooLong)
    {
        number++;
        if (tooLong) return new(number, null, $"line longer than {MaximumLength / 1024 / 1024} MB");
        if (number == 1 && bytes.StartsWith(Mark)) bytes = bytes[Mark.Length..];
        if (bytes is [.., (byte)'\r']) bytes = bytes[..^1];
        try
        {
            return new(number, Strict.GetString(bytes), null);
        }
        catch (DecoderFallbackException wrong)
        {
            return new(number, null,
                $"not UTF-8: byte {wrong.Index + 1} of the line is 0x{(wrong.BytesUnknown is [var b, ..] ? b : 0):X2}");
        }
    }
}

/// <summary>A file, or the rest of one, that cannot be read at all. Told to its user, never a defect.</summary>
internal sealed class FileRefused(long line, string reason) : Exception(reason)
{
    public long Line { get; } = line;
}
