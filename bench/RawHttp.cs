using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Laurel.Bench;

/// <summary>
/// One connection that asks for the same page again and again, with nothing between it and the socket: a load that costs less than
/// what is measured. Reads answers by their length or in chunks.
/// </summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient client = new() { NoDelay = true };
    private readonly byte[] request;
    private readonly byte[] buffer = new byte[65_536];
    private int start, end;

    public RawHttp(Uri address, string pathAndQuery, string header)
    {
        client.Connect(address.Host, address.Port);
        request = Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: {address.Authority}\r\n{header}\r\n\r\n");
    }

    public Socket Socket => client.Client;

    public void Send() => client.Client.Send(request);

    /// <summary>Sends and reads one whole answer; gives the length of its body.</summary>
    /// <exception cref="InvalidOperationException">The answer was not 200.</exception>
    public int Ask()
    {
        Send();
        var status = Line();
        if (!status.Contains(" 200 ", StringComparison.Ordinal)) throw new InvalidOperationException(status);
        var length = -1;
        for (string line; (line = Line()).Length > 0;)
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(line.AsSpan(15), CultureInfo.InvariantCulture);
        if (length >= 0)
        {
            Skip(length);
            return length;
        }
        var all = 0;
        while (int.Parse(Line(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var chunk)
        {
            Skip(chunk);
            Line();
            all += chunk;
        }
        Line();
        return all;
    }

    public void Dispose() => client.Dispose();

    private string Line()
    {
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8);
            if (found >= 0)
            {
                var line = Encoding.ASCII.GetString(buffer, start, found);
                start += found + 2;
                return line;
            }
            Fill();
        }
    }

    private void Skip(int count)
    {
        while (count > 0)
        {
            if (start == end) Fill();
            var here = Math.Min(count, end - start);
            start += here;
            count -= here;
        }
    }

    private void Fill()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        var read = client.Client.Receive(buffer.AsSpan(end));
        if (read == 0) throw new InvalidOperationException("The connection was closed.");
        end += read;
    }
}
