using System.Buffers;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Laurel.App.Features.Activities;

/// <summary>
/// The body of a request, unpacked, in whole or in lines. Its memory grows as bytes arrive and never beyond the limit, which
/// counts unpacked bytes: a small packed body that is enormous inside stops there.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>A line longer than any activity is passed over without being kept.</summary>
    public const int LongestLine = 1 << 20;
    /// <summary>What a sender announces is believed up to a quarter of a megabyte: many who announce and do not send hold little.</summary>
    private const int FirstBuffer = 16 << 10, LargestGuess = 1 << 18;

    private readonly Stream stream;
    private readonly int limit;
    private readonly BodyMemory memory;
    private byte[] buffer;
    private int start, end, total;
    private bool ended;

    private RequestBody(Stream stream, int limit, BodyMemory memory, long? announced)
    {
        (this.stream, this.limit, this.memory) = (stream, limit, memory);
        buffer = Rent((int)Math.Clamp(announced + 1 ?? 0, FirstBuffer, LargestGuess));
    }

    /// <summary>Null where the body is packed in a way that is not taken.</summary>
    /// <exception cref="BadHttpRequestException">413: it says itself that it is larger than the limit.</exception>
    /// <exception cref="IntakeFull">Other bodies hold all the memory there is for them; reading on may say so, too.</exception>
    public static RequestBody? Of(HttpRequest request, int limit, BodyMemory memory)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return request.ContentLength > limit ? throw TooLarge() : new(request.Body, limit, memory, request.ContentLength);
        return encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new(new GZipStream(request.Body, CompressionMode.Decompress), limit, memory, null)
            : null;
    }

    /// <summary>All of it, without a byte order mark. The memory holds until this is disposed.</summary>
    public async Task<ReadOnlyMemory<byte>> Whole(CancellationToken cancel)
    {
        while (await Fill(cancel)) { }
        return WithoutMark(buffer.AsMemory(start, end - start));
    }

    /// <summary>
    /// The lines, without their ends and a byte order mark; null stands for a line that is too long. A line's memory holds
    /// until the next is asked for.
    /// </summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>?> Lines([EnumeratorCancellation] CancellationToken cancel)
    {
        var (scanned, tooLong, first) = (0, false, true);
        while (true)
        {
            var found = buffer.AsSpan(start + scanned, end - start - scanned).IndexOf((byte)'\n');
            var length = found < 0 ? end - start : scanned + found;
            if (found < 0 && length > LongestLine)
            {
                tooLong = true;
                start = end;
                length = 0;
            }
            if (found < 0 && await Fill(cancel))
            {
                scanned = length;
                continue;
            }
            var line = buffer.AsMemory(start, length);
            if (found >= 0 || length > 0 || tooLong)
                yield return tooLong || length > LongestLine ? default(ReadOnlyMemory<byte>?) : first ? WithoutMark(line) : line;
            if (found < 0) yield break;
            start += length + 1;
            (scanned, tooLong, first) = (0, false, false);
        }
    }

    /// <summary>Reads on behind what was not given out yet; false at the end.</summary>
    private async ValueTask<bool> Fill(CancellationToken cancel)
    {
        if (ended) return false;
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
        {
            var larger = Rent(Math.Min(buffer.Length * 2, limit + 1));
            buffer.AsSpan(0, end).CopyTo(larger);
            Return();
            buffer = larger;
        }
        // One byte more than may come shows that too much comes.
        var read = await stream.ReadAsync(buffer.AsMemory(end, Math.Min(buffer.Length - end, limit + 1 - total)), cancel);
        ended = read == 0;
        end += read;
        total += read;
        return total > limit ? throw TooLarge() : !ended;
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith("\uFEFF"u8) ? text[3..] : text;

    private static BadHttpRequestException TooLarge() => new("The body is too large.", StatusCodes.Status413PayloadTooLarge);

    private byte[] Rent(int least)
    {
        var rented = ArrayPool<byte>.Shared.Rent(least);
        try
        {
            memory.Hold(rented.Length);
            return rented;
        }
        catch (IntakeFull)
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw;
        }
    }

    private void Return()
    {
        memory.GiveBack(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Dispose()
    {
        Return();
        buffer = [];
        stream.Dispose();
    }
}
