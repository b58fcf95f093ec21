/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef AZURE_JSON_VALUE_H
#define AZURE_JSON_VALUE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace azure
{

struct JsonMember;

/**
 * @ingroup azure-load-balancing
 * @brief A JSON value with what Azure's own JSON needs: members keep their order, and their
 *        names are matched without regard to case.
 */
class JsonValue
{
  public:
    /// What a value is.
    enum class Type : uint8_t
    {
        Null,    //!< null
        Boolean, //!< true or false
        Integer, //!< a whole number of 64 bits
        Number,  //!< any other number
        String,  //!< text, UTF-8
        Array,   //!< a list
        Object   //!< named members
    };

    using Array = std::vector<JsonValue>;   //!< the elements of an array
    using Object = std::vector<JsonMember>; //!< the members of an object, in order

    JsonValue();                  //!< null
    JsonValue(bool value);        //!< @param value true or false
    JsonValue(int64_t value);     //!< @param value a whole number
    JsonValue(int value);         //!< @param value a whole number
    JsonValue(double value);      //!< @param value a number
    JsonValue(std::string value); //!< @param value text
    JsonValue(const char* value); //!< @param value text
    JsonValue(Array value);       //!< @param value elements
    JsonValue(Object value);      //!< @param value members

    /**
     * @return what this is
     */
    Type GetType() const;

    /**
     * @param type a type
     * @return whether this is of that type
     */
    bool Is(Type type) const;

    /**
     * @return the type in words, for example "a string"
     */
    const char* GetTypeName() const;

    bool AsBoolean() const;              //!< @return the truth value; false for another type
    int64_t AsInteger() const;           //!< @return the whole number; 0 for another type
    double AsNumber() const;             //!< @return the number; 0 for another type
    const std::string& AsString() const; //!< @return the text; empty for another type
    const Array& AsArray() const;        //!< @return the elements; none for another type
    const Object& AsObject() const;      //!< @return the members; none for another type
    Array& MakeArray();                  //!< @return the elements; becomes an array first
    Object& MakeObject();                //!< @return the members; becomes an object first

    /**
     * @param name name of a member; case does not matter
     * @return the member's value, or null when this is no object or has no such member
     */
    const JsonValue* Find(const std::string& name) const;

    /**
     * @param name name of a member; case does not matter
     * @return the member's value, or null when this is no object or has no such member
     */
    JsonValue* Find(const std::string& name);

    /**
     * @brief Sets a member, replacing one of the same name.
     * @param name its name
     * @param value its value
     */
    void Set(const std::string& name, JsonValue value);

    /**
     * @return nodes below and including this, plus one for every 16 bytes of text
     */
    std::size_t GetSize() const;

    /**
     * @param other another value
     * @return whether both are equal; names are compared without regard to case, texts with
     */
    bool Equals(const JsonValue& other) const;

  private:
    std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object>
        m_value; //!< the value; in the order of Type
};

/**
 * @ingroup azure-load-balancing
 * @brief A named value in an object.
 */
struct JsonMember
{
    std::string name; //!< as written
    JsonValue value;  //!< its value
};

/**
 * @param text ASCII text
 * @return the text with lower-case letters
 */
std::string ToLowerCase(const std::string& text);

/**
 * @param left ASCII text
 * @param right ASCII text
 * @return whether both are the same, but for case
 */
bool EqualsIgnoringCase(const std::string& left, const std::string& right);

} // namespace azure
} // namespace ns3

#endif /* AZURE_JSON_VALUE_H */
