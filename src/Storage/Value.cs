namespace Laurel.Storage;

/// <summary>A value for a parameter of a prepared statement: an integer, a text, bytes, or null. Integers are not boxed.</summary>
public readonly struct Value
{
    internal readonly long Number;
    /// <summary>A text, bytes, <see cref="Integer"/> for a number; null is null.</summary>
    internal readonly object? Reference;
    internal static readonly object Integer = new();

    private Value(long number) => (Number, Reference) = (number, Integer);
    private Value(object? reference) => Reference = reference;

    internal bool IsInteger => ReferenceEquals(Reference, Integer);
    internal object? Boxed => IsInteger ? Number : Reference;

    public static implicit operator Value(long number) => new(number);
    public static implicit operator Value(int number) => new((long)number);
    public static implicit operator Value(long? number) => number is { } known ? new(known) : default;
    public static implicit operator Value(string? text) => new(text);
    public static implicit operator Value(byte[]? bytes) => new(bytes);
}
