using System.IO.Compression;
using Microsoft.AspNetCore.ResponseCompression;

namespace Laurel.App.Platform.Http;

/// <summary>
/// Pages go compressed over the wire: they are mostly tags, and shrink to a fifth. Files and badge art come compressed already; a live
/// stream must not be, for a compressor holds back what it is given.
/// </summary>
public static class PageCompression
{
    public static IServiceCollection AddPageCompression(this IServiceCollection services) => services
        .AddResponseCompression(options =>
        {
            options.MimeTypes = ["text/html"];
            // Over HTTPS, too: guessing a secret by the length of answers needs one that stays the same beside text of the attacker's
            // choice; the form tokens are masked anew in each answer.
            options.EnableForHttps = true;
        })
        .Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest)
        .Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
}
