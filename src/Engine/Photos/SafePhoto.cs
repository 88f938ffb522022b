using System.Buffers.Binary;

namespace Laurel.Engine.Photos;

public enum PhotoFormat { Jpeg, Png, WebP }

/// <summary>Why a file is not taken as somebody's photo.</summary>
public enum PhotoRefusal
{
    Empty,
    /// <summary>More than <see cref="SafePhoto.MostBytes"/>.</summary>
    TooHeavy,
    /// <summary>Its first bytes are of no JPEG, PNG or WebP, whatever its name says.</summary>
    WrongFormat,
    /// <summary>It ends too early or breaks the rules of its format.</summary>
    Damaged,
    Animated,
    /// <summary>A side is shorter than <see cref="SafePhoto.LeastSide"/>.</summary>
    TooSmall,
    /// <summary>A side is longer than <see cref="SafePhoto.MostSide"/>.</summary>
    TooLarge,
}

/// <summary>
/// A photo rebuilt of nothing but what draws it: no place, camera, time, comment, colour profile, preview nor anything after its end.
/// The pixels are not encoded anew.
/// </summary>
/// <param name="Width">Pixels, as stored: before <paramref name="Orientation"/>.</param>
/// <param name="Height">Pixels, as stored.</param>
/// <param name="Orientation">How it is to be turned, 1 to 8 as EXIF says; a JPEG carries it, others are 1.</param>
public sealed record SafePhoto(PhotoFormat Format, int Width, int Height, int Orientation, byte[] Bytes)
{
    public const int MostBytes = 1 << 20;
    public const int LeastSide = 64;
    public const int MostSide = 2048;

    public string MediaType => Format switch
    {
        PhotoFormat.Jpeg => "image/jpeg",
        PhotoFormat.Png => "image/png",
        _ => "image/webp",
    };

    /// <summary>Reads what somebody sent.</summary>
    /// <param name="file">The whole file: its name and declared type do not matter.</param>
    /// <returns>The photo, or null with the reason.</returns>
    public static (SafePhoto? Photo, PhotoRefusal? Refusal) Read(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty) return (null, PhotoRefusal.Empty);
        if (file.Length > MostBytes) return (null, PhotoRefusal.TooHeavy);
        try
        {
            if (file.StartsWith(PngParts.Signature)) return (PngParts.Read(file), null);
            if (file.StartsWith(JpegParts.Signature)) return (JpegParts.Read(file), null);
            if (file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8)) return (WebPParts.Read(file), null);
            return (null, PhotoRefusal.WrongFormat);
        }
        catch (PhotoRefusedException refused)
        {
            return (null, refused.Reason);
        }
    }

    /// <summary>Refuses sides that are out of bounds, before anything is unpacked.</summary>
    internal static void CheckSides(long width, long height)
    {
        if (width == 0 || height == 0) throw new PhotoRefusedException(PhotoRefusal.Damaged);
        if (width > MostSide || height > MostSide) throw new PhotoRefusedException(PhotoRefusal.TooLarge);
        if (width < LeastSide || height < LeastSide) throw new PhotoRefusedException(PhotoRefusal.TooSmall);
    }
}

/// <summary>Ends the reading of a photo; never leaves <see cref="SafePhoto.Read"/>.</summary>
internal sealed class PhotoRefusedException(PhotoRefusal reason) : Exception
{
    public PhotoRefusal Reason => reason;
}

/// <summary>Takes bytes one after the other; one that is not there means a damaged file.</summary>
internal ref struct PhotoBytes(ReadOnlySpan<byte> left)
{
    public ReadOnlySpan<byte> Left { get; private set; } = left;

    public ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > Left.Length) throw new PhotoRefusedException(PhotoRefusal.Damaged);
        var taken = Left[..(int)length];
        Left = Left[(int)length..];
        return taken;
    }

    public byte One() => Take(1)[0];
    public int Two() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));
    public uint Four() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));
    public uint FourLittle() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
}
